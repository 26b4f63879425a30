using System;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>The journal cannot be used; the message names the file, the value and the remedy. Nothing was deleted.</summary>
internal abstract class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Its folder or file cannot be written, or another program holds it, or SQLite itself cannot be loaded.</summary>
internal sealed class JournalAccessException(string message, Exception? inner = null) : JournalException(message, inner);

/// <summary>Another process trades the same account.</summary>
internal sealed class JournalLockedException(string message, Exception? inner = null) : JournalException(message, inner);

/// <summary>A newer version of this plugin wrote it.</summary>
internal sealed class JournalSchemaException(string message, Exception? inner = null) : JournalException(message, inner);

/// <summary>It is another program's database.</summary>
internal sealed class JournalForeignException(string message) : JournalException(message);

/// <summary>It belongs to another configuration.</summary>
internal sealed class JournalConfigurationException(string message) : JournalException(message);

/// <summary>Records could not be made durable now; it may be tried again.</summary>
internal sealed class JournalStorageException(string message, Exception? inner = null) : JournalException(message, inner);
