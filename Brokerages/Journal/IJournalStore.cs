using System;
using System.Collections.Generic;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// Where the records of a journal are kept, in the order in which they came. Records can only be added. A store that finds
/// at its opening that durable records may be missing adds one of kind <see cref="JournalRecordKind.Doubt"/>. Used by one
/// thread at a time.
/// </summary>
internal interface IJournalStore : IDisposable
{
    /// <summary>For messages: the file.</summary>
    string Name { get; }

    /// <summary>The journal's own, made when it was created: another journal has another.</summary>
    string Identity { get; }

    /// <summary>All durable records, in their order.</summary>
    /// <exception cref="JournalSchemaException">A record cannot be understood.</exception>
    IEnumerable<JournalEntry> Read();

    /// <summary>Adds records, which are durable only when <see cref="Flush"/> returned: all since the last flush, or none.</summary>
    /// <exception cref="JournalStorageException">None of what was added since the last flush is kept.</exception>
    void Append(IReadOnlyList<JournalRecord> batch);

    /// <summary>Makes durable what was added.</summary>
    /// <exception cref="JournalStorageException">None of what was added since the last flush is kept.</exception>
    void Flush();

    /// <summary>
    /// Takes away what no one needs any more: orders that are over, of runs that have ended, and what was said of other
    /// things in such runs, all but their sums and the last observation of each position and balance. Never anything of an
    /// order that is not over.
    /// </summary>
    /// <param name="keepFromUtc">What happened since then is kept.</param>
    /// <returns>How many records went.</returns>
    /// <exception cref="JournalStorageException">Everything is as before.</exception>
    long Compact(DateTime keepFromUtc);
}

/// <summary>A durable record.</summary>
/// <param name="Sequence">Grows from record to record; has gaps where records were compacted away.</param>
/// <param name="Record">The record.</param>
internal readonly record struct JournalEntry(long Sequence, JournalRecord Record);
