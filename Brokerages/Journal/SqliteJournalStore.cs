using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// A journal in a SQLite file: write-ahead log, synchronised in full, one transaction a batch. Each record has a check sum
/// of its own, and the file knows how many there are. A file that cannot be read as it was written is moved aside, whole,
/// and kept.
/// </summary>
internal sealed class SqliteJournalStore : IJournalStore
{
    /// <summary>The setting that says where the journal is.</summary>
    public const string PathKey = "crosshedge-journal";

    /// <summary>In the file's header: a journal of this plugin.</summary>
    internal const int ApplicationId = 0x58486A6C;

    /// <summary>In the file's header: how it is laid out.</summary>
    internal const int SchemaVersion = 1;

    // SQLite's own result codes.
    private const int Error = 1;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int TooBig = 18;
    private const int Mismatch = 20;
    private const int Format = 24;
    private const int NotADatabase = 26;
    private const int ShortRead = 522;
    private const int NoCheckpointOnClose = 1006;

    private const string Schema = $"""
        CREATE TABLE journal (identity TEXT NOT NULL, configuration TEXT NOT NULL, created TEXT NOT NULL, sequence INTEGER NOT NULL, records INTEGER NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE records (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, checksum INTEGER NOT NULL);
        """;

    /// <summary>The parts of a journal, the file itself first.</summary>
    private static readonly string[] Parts = ["", "-wal", "-shm", "-mark"];

    private readonly TimeProvider _time;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _count;
    private readonly JournalMark _mark;
    private Head _head;
    private Head _pending;
    private SqliteTransaction? _transaction;

    private SqliteJournalStore(string path, SqliteConnection connection, Head head, TimeProvider time)
    {
        Name = path;
        _time = time;
        _connection = connection;
        _head = _pending = head;
        _mark = new JournalMark(path + "-mark", head.Identity);
        _insert = Command("INSERT INTO records (sequence, body, checksum) VALUES ($sequence, $body, $checksum)", "$sequence", "$body", "$checksum");
        _count = Command("UPDATE journal SET sequence = $sequence, records = $records, checksum = $checksum", "$sequence", "$records", "$checksum");
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public string Identity => _head.Identity;

    /// <summary>Opens a journal, or begins one where there is none. Reads all of it once, to see that it is whole.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="configuration">What it is for, in words that a person can compare: an existing journal must be for the same.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="JournalException">It cannot be used; nothing was changed.</exception>
    public static SqliteJournalStore Open(string path, string configuration, TimeProvider time)
    {
        SqliteNative.Load();
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var found = Look(path, configuration);
            var doubt = found.Doubt;
            if (found.IsDamaged)
            {
                doubt = SetAside(path, found.Doubt!, time);
            }

            return OpenToWrite(path, configuration, doubt, time);
        }
        catch (SqliteException error)
        {
            throw Refusal(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalAccessException($"the journal {path} cannot be written ({error.Message.TrimEnd('.')}): let this process write in its folder, or give another file as {PathKey}.", error);
        }
    }

    /// <inheritdoc />
    public IEnumerable<JournalEntry> Read()
    {
        using var command = new SqliteCommand("SELECT sequence, body FROM records ORDER BY sequence", _connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new JournalEntry(reader.GetInt64(0), Parse(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }
    }

    /// <inheritdoc />
    public void Append(IReadOnlyList<JournalRecord> batch) => Try("written", () =>
    {
        if (batch.Count == 0)
        {
            return;
        }

        _transaction ??= _connection.BeginTransaction();
        _insert.Transaction = _transaction;
        foreach (var record in batch)
        {
            _pending = _pending with { Sequence = _pending.Sequence + 1, Records = _pending.Records + 1 };
            Insert(_pending.Sequence, record);
        }
    });

    /// <inheritdoc />
    public void Flush() => Try("written", () =>
    {
        if (_transaction is not null)
        {
            Commit();
        }
    });

    /// <inheritdoc />
    public long Compact(DateTime keepFromUtc)
    {
        long removed = 0;
        Flush();
        Try("compacted", () =>
        {
            var (stretches, summary) = JournalCompaction.Plan(Read(), keepFromUtc, _time.GetUtcNow().UtcDateTime);
            if (summary is null)
            {
                return;
            }

            _transaction = _connection.BeginTransaction();
            using var delete = Command("DELETE FROM records WHERE sequence BETWEEN $first AND $last", "$first", "$last");
            delete.Transaction = _transaction;
            foreach (var (first, last) in stretches)
            {
                delete.Parameters[0].Value = first;
                delete.Parameters[1].Value = last;
                removed += delete.ExecuteNonQuery();
            }

            _insert.Transaction = _transaction;
            Insert(stretches[0].First, summary);
            _pending = _pending with { Records = _pending.Records - removed + 1 };
            Commit();
        });
        if (removed > 0)
        {
            GiveBack();
        }

        return removed;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _insert.Dispose();
        _count.Dispose();
        _transaction?.Dispose();
        _connection.Dispose();
        _mark.Dispose();
    }

    /// <summary>Lets the file grow no further, as a full disk would.</summary>
    /// <param name="more">Pages that it may still take; negative: as many as it wants.</param>
    internal void LimitGrowth(long more)
    {
        var limit = more < 0 ? 1L << 30 : Scalar(_connection, "PRAGMA page_count") + more;
        Scalar(_connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {limit}"));
    }

    /// <summary>What lies there: nothing, a journal of this configuration, or a damaged one. Changes nothing.</summary>
    /// <exception cref="JournalException">It is none of ours, or not for us.</exception>
    private static Finding Look(string path, string configuration)
    {
        var length = new FileInfo(path) is { Exists: true } file ? file.Length : 0L;
        if (length == 0L)
        {
            // SQLite would take an empty file for a new one and throw the rest of a journal away.
            var left = Parts.Skip(1).Where(part => new FileInfo(path + part) is { Exists: true, Length: > 0 }).ToArray();
            return left.Length == 0 ? new Finding(DoubtOfNew(path), false) : new Finding($"the file is {(File.Exists(path) ? "empty" : "gone")}, but {path}{left[0]} is there", true);
        }

        using var connection = Connect(path, SqliteOpenMode.ReadOnly);
        try
        {
            connection.Open();
            // A damaged write-ahead log must stay as it is, for whoever wants to look at it.
            raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            return Check(path, connection, configuration);
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            return new Finding(error.Message, true);
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            return new Finding(error.Message, true);
        }
    }

    private static Finding Check(string path, SqliteConnection connection, string configuration)
    {
        var application = Scalar(connection, "PRAGMA application_id");
        var version = Scalar(connection, "PRAGMA user_version");
        var tables = Scalar(connection, "SELECT COUNT(*) FROM sqlite_master");
        if (application == 0 && version == 0 && tables == 0)
        {
            // Its maker ended before the first word; with a mark there were words.
            return new FileInfo(path + "-mark") is { Exists: true, Length: > 0 } ? new Finding($"it is empty, but {path}-mark is there", true) : new Finding(DoubtOfNew(path), false);
        }

        if (application != ApplicationId)
        {
            throw new JournalForeignException(string.Create(CultureInfo.InvariantCulture, $"{path} is another program's database (application id {application}, a journal has {ApplicationId}): give another file as {PathKey}, or move that one away."));
        }

        if (version > SchemaVersion)
        {
            throw new JournalSchemaException(string.Create(CultureInfo.InvariantCulture, $"the journal {path} has layout {version}, this version knows {SchemaVersion}: run the version that wrote it, or a newer one."));
        }

        using (var check = new SqliteCommand("PRAGMA quick_check(1)", connection))
        {
            if (check.ExecuteScalar() is not "ok" and var fault)
            {
                return new Finding($"quick_check says '{fault}'", true);
            }
        }

        var head = ReadHead(connection, out var fine);
        if (!fine)
        {
            return new Finding("its head does not have its check sum", true);
        }

        if (head.Configuration != configuration)
        {
            throw new JournalConfigurationException($"the journal {path} was written for '{head.Configuration}', this configuration is '{configuration}': run with that one, or give another file as {PathKey} once nothing of the old one is open at the venues.");
        }

        if (CheckRecords(connection, head) is { } damage)
        {
            return new Finding(damage, true);
        }

        if (JournalMark.Read(path + "-mark", head.Identity) is not { } mark)
        {
            return new Finding(head.Sequence == 0L ? DoubtOfNew(path) : $"the journal {path} may lack its last records: {path}-mark, which says up to where it was written, is missing or of another journal", false);
        }

        return mark <= head.Sequence ? new Finding(null, false) : new Finding(string.Create(CultureInfo.InvariantCulture, $"it was written up to record {mark} and ends at {head.Sequence}"), true);
    }

    /// <summary>A new journal after a damaged one: its doubt is its first record, which its maker may not have come to.</summary>
    private static string? DoubtOfNew(string path)
        => Kept(path).Order(StringComparer.Ordinal).LastOrDefault() is { } aside ? $"an earlier journal {path} was damaged; it is kept as {aside}" : null;

    private static IEnumerable<string> Kept(string path) => Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.corrupt-*");

    private static string? CheckRecords(SqliteConnection connection, Head head)
    {
        using var command = new SqliteCommand("SELECT sequence, body, checksum FROM records ORDER BY sequence", connection);
        using var reader = command.ExecuteReader();
        long records = 0;
        long last = 0;
        while (reader.Read())
        {
            last = reader.GetInt64(0);
            records++;
            if (reader.GetInt64(2) != ChecksumOf(last, reader.GetFieldValue<byte[]>(1)))
            {
                return string.Create(CultureInfo.InvariantCulture, $"record {last} does not have its check sum");
            }
        }

        return records == head.Records && last <= head.Sequence ? null
            : string.Create(CultureInfo.InvariantCulture, $"it should hold {head.Records} records up to {head.Sequence} and holds {records} up to {last}");
    }

    /// <summary>Moves a damaged journal away, all parts of it, under a name of its own.</summary>
    private static string SetAside(string path, string damage, TimeProvider time)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{path}.corrupt-{time.GetUtcNow().UtcDateTime:yyyyMMddTHHmmssfffZ}");
        var aside = name;
        for (var i = 2; Array.Exists(Parts, part => File.Exists(aside + part)); i++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
        }

        foreach (var part in Parts.Where(part => File.Exists(path + part)))
        {
            File.Move(path + part, aside + part);
        }

        return $"the journal {path} was damaged ({damage.TrimEnd('.')}); it is kept as {aside}, and a new one was begun";
    }

    private static SqliteJournalStore OpenToWrite(string path, string configuration, string? doubt, TimeProvider time)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        var isDone = false;
        try
        {
            connection.Open();
            using (var mode = new SqliteCommand("PRAGMA journal_mode = WAL", connection))
            {
                if (mode.ExecuteScalar() is not "wal" and var other)
                {
                    throw new JournalAccessException($"the disk of {path} cannot keep a write-ahead log (SQLite offers '{other}'): give a file on a local disk as {PathKey}.");
                }
            }

            Execute(connection, "PRAGMA synchronous = FULL");
            if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
            {
                Create(path, connection, configuration, time);
            }

            // Whether it can be written at all shows here, and not at the first order.
            Execute(connection, "BEGIN IMMEDIATE; ROLLBACK");
            var store = new SqliteJournalStore(path, connection, ReadHead(connection, out _), time);
            if (doubt is not null)
            {
                store.Append([JournalRecord.Doubt(time.GetUtcNow().UtcDateTime, doubt)]);
                store.Flush();
            }

            isDone = true;
            return store;
        }
        finally
        {
            if (!isDone)
            {
                connection.Dispose();
            }
        }
    }

    private static void Create(string path, SqliteConnection connection, string configuration, TimeProvider time)
    {
        var created = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        // Journals of one file one after the other differ, even under a clock that stands.
        var before = Kept(path).Count();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{configuration}\n{created}\n{before}")));
        var head = new Head(Convert.ToHexStringLower(hash, 0, 16), configuration, created, 0, 0);
        using var transaction = connection.BeginTransaction();
        using (var schema = new SqliteCommand(string.Create(CultureInfo.InvariantCulture, $"{Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion};"), connection, transaction))
        {
            schema.ExecuteNonQuery();
        }

        using (var first = new SqliteCommand("INSERT INTO journal VALUES ($identity, $configuration, $created, 0, 0, $checksum)", connection, transaction))
        {
            first.Parameters.AddWithValue("$identity", head.Identity);
            first.Parameters.AddWithValue("$configuration", head.Configuration);
            first.Parameters.AddWithValue("$created", head.Created);
            first.Parameters.AddWithValue("$checksum", head.Checksum);
            first.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static Head ReadHead(SqliteConnection connection, out bool fine)
    {
        using var command = new SqliteCommand("SELECT identity, configuration, created, sequence, records, checksum FROM journal", connection);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            fine = false;
            return new Head("", "", "", 0, 0);
        }

        var head = new Head(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4));
        fine = reader.GetInt64(5) == head.Checksum && !reader.Read();
        return head;
    }

    private static long ChecksumOf(long sequence, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, sequence);
        return JournalMark.Crc(JournalMark.Crc(0, number), body);
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
        => new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = new SqliteCommand(text, connection);
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string text)
    {
        using var command = new SqliteCommand(text, connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Whether an error is of what the file holds: a good file must not be moved aside because something else failed.</summary>
    private static bool IsDamage(SqliteException error)
        => error.SqliteExtendedErrorCode == ShortRead || error.SqliteErrorCode is Error or Corrupt or TooBig or Mismatch or Format or NotADatabase;

    private static JournalException Refusal(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        Busy or Locked => new JournalAccessException($"another program holds the journal {path} ({error.Message.TrimEnd('.')}): end it, or give another file as {PathKey}.", error),
        Corrupt or NotADatabase or Error => new JournalAccessException($"the journal {path} changed while it was opened ({error.Message.TrimEnd('.')}): start again.", error),
        _ => new JournalAccessException($"the journal {path} cannot be written ({error.Message.TrimEnd('.')}): let this process write in its folder and make room on its disk, or give another file as {PathKey}.", error),
    };

    private JournalRecord Parse(long sequence, byte[] body)
    {
        try
        {
            return JournalRecord.Read(body);
        }
        catch (FormatException error)
        {
            throw new JournalSchemaException(string.Create(CultureInfo.InvariantCulture, $"record {sequence} of the journal {Name} is none that this version knows ({error.Message.TrimEnd('.')}): run the version that wrote it, or a newer one."), error);
        }
    }

    private SqliteCommand Command(string text, params string[] parameters)
    {
        var command = new SqliteCommand(text, _connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter(parameter, null));
        }

        return command;
    }

    private void Insert(long sequence, JournalRecord record)
    {
        var body = record.Write();
        _insert.Parameters[0].Value = sequence;
        _insert.Parameters[1].Value = Encoding.UTF8.GetString(body);
        _insert.Parameters[2].Value = ChecksumOf(sequence, body);
        _insert.ExecuteNonQuery();
    }

    private void Commit()
    {
        _count.Transaction = _transaction;
        _count.Parameters[0].Value = _pending.Sequence;
        _count.Parameters[1].Value = _pending.Records;
        _count.Parameters[2].Value = _pending.Checksum;
        _count.ExecuteNonQuery();
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
        _head = _pending;
        try
        {
            _mark.Write(_head.Sequence);
        }
        catch (IOException)
        {
            // The records are durable all the same; the next flush tries again.
        }
    }

    /// <summary>After a compaction: the room goes back to the disk. Where that fails the journal is only larger than it need be.</summary>
    private void GiveBack()
    {
        try
        {
            if (Scalar(_connection, "PRAGMA freelist_count") * 2 > Scalar(_connection, "PRAGMA page_count"))
            {
                Execute(_connection, "VACUUM");
            }

            Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // As the summary says.
        }
    }

    private void Try(string what, Action act)
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is SqliteException or IOException or InvalidOperationException)
        {
            Withdraw();
            throw new JournalStorageException($"the journal {Name} cannot be {what} ({error.Message.TrimEnd('.')}): make room on its disk and let this process write there.", error);
        }
    }

    private void Withdraw()
    {
        _pending = _head;
        try
        {
            _transaction?.Dispose();
        }
        catch (Exception error) when (error is SqliteException or InvalidOperationException)
        {
            // SQLite has already withdrawn it itself.
        }

        _transaction = null;
    }

    /// <param name="Doubt">What is not as it should be; null: nothing.</param>
    /// <param name="IsDamaged">Whether it cannot be gone on with.</param>
    private readonly record struct Finding(string? Doubt, bool IsDamaged);

    /// <summary>What the file says of itself.</summary>
    private sealed record Head(string Identity, string Configuration, string Created, long Sequence, long Records)
    {
        public long Checksum => JournalMark.Crc(0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Identity}\n{Configuration}\n{Created}\n{Sequence}\n{Records}")));
    }
}
