using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>What a journal is for, and how much of the past it keeps.</summary>
/// <param name="Configuration">What it is for, in words that a person can compare.</param>
/// <param name="Accounts">The accounts.</param>
internal sealed record JournalSettings(string Configuration, IReadOnlyList<string> Accounts)
{
    private static readonly string[] LoginKeys = ["-key", "-api-name", "-address"];

    /// <summary>By account, what tells its login from others on this machine; see <see cref="LoginOf"/>.</summary>
    public IReadOnlyDictionary<string, string> Logins { get; init; } = new Dictionary<string, string>();

    /// <summary>Orders that ended longer ago than this may be compacted away.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A start compacts only if so many records are older than that.</summary>
    public int CompactFrom { get; init; } = 10_000;

    /// <summary>How often a journal that cannot be written is tried again.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A digest of the keys by which a venue knows who logs in; null: there are none.</summary>
    /// <param name="brokerage">The child's brokerage.</param>
    /// <param name="data">Its own settings.</param>
    public static string? LoginOf(string brokerage, IReadOnlyDictionary<string, string> data)
    {
        var keys = data
            .Where(entry => entry.Value.Length > 0 && Array.Exists(LoginKeys, ending => entry.Key.EndsWith(ending, StringComparison.Ordinal)))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}={entry.Value}")
            .ToArray();
        return keys.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{brokerage}\n{string.Join('\n', keys)}")))[..32];
    }

    /// <summary>What a journal of these children is for: their names, kinds and routes.</summary>
    public static JournalSettings Of(CompositeSettings settings)
    {
        var children = settings.Children.OrderBy(child => child.Name, StringComparer.Ordinal).ToArray();
        return new JournalSettings(
            string.Join("; ", children.Select(child => $"{child.Name} = {child.Brokerage} {string.Join(' ', child.Routes.Select(route => route.ToString()).Order(StringComparer.Ordinal))}")),
            children.Select(child => child.Name).ToArray());
    }
}

/// <summary>
/// The journal of a run: records go out on a lane of their own, all that wait in one flush, and whoever wrote one is told
/// when it is durable. Also keeps what the records add up to. Safe for several threads; nobody waits in here for a disk.
/// </summary>
/// <remarks>
/// Records that cannot be made durable are told as such, and kept: they are written, in their order, when the disk takes
/// records again. So whoever does not send an order because its intent is not durable writes that it was refused.
/// </remarks>
internal sealed class OrderJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IJournalStore _store;
    private readonly IDisposable? _accounts;
    private readonly TimeProvider _time;
    private readonly ILane _lane;
    private readonly IDisposable _retries;
    private readonly JournalState _state;
    private readonly string _clientIdPrefix;
    private readonly List<JournalRecord> _unwritten = [];
    private readonly Queue<(Action<bool> Durable, bool IsDurable)> _answers = [];
    private List<(JournalRecord Record, Action<bool>? Durable)> _waiting = [];
    private string? _problem;
    private bool _isPosted;
    private bool _isOver;
    private bool _isClosed;

    private OrderJournal(IJournalStore store, JournalState state, JournalSettings settings, ILanes lanes, IDisposable? accounts)
    {
        _store = store;
        _state = state;
        _accounts = accounts;
        _time = lanes.Time;
        Run = state.Run;
        _clientIdPrefix = PrefixOf(store.Identity, state.Run, state.RunStartedUtc);
        _lane = lanes.Open("journal");
        _retries = _lane.Every(settings.RetryPeriod, Retry);
    }

    /// <summary>The number of this run, from 1; a restart has a higher one.</summary>
    public int Run { get; }

    /// <summary>For messages: the file.</summary>
    public string Name => _store.Name;

    /// <summary>Why the journal alone says too little about the past, until a record of kind Trust settles it; null: it is whole.</summary>
    public string? Doubt
    {
        get
        {
            lock (_gate)
            {
                return _state.Doubt;
            }
        }
    }

    /// <summary>Whether the run before ended in order; true also if there was none.</summary>
    public bool HadEnded { get; private init; } = true;

    /// <summary>Whether the store is closed and the accounts are free, after <see cref="Dispose"/>.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Told what a person should know: a short code and the text.</summary>
    public Action<string, string>? Said { get; set; }

    /// <summary>Whether the last flush succeeded.</summary>
    public bool IsWritable => Problem is null;

    /// <summary>Why the last flush failed; null: it did not.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
            {
                return _problem;
            }
        }
    }

    /// <summary>Records that are not durable yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _unwritten.Count;
            }
        }
    }

    /// <summary>Orders of all runs that are not over, as everything written so far says, durable or not.</summary>
    public IReadOnlyList<OpenIntent> OpenIntents
    {
        get
        {
            lock (_gate)
            {
                return _state.Open;
            }
        }
    }

    /// <summary>Sums of all runs.</summary>
    public IReadOnlyList<JournalTotal> Totals
    {
        get
        {
            lock (_gate)
            {
                return _state.Totals.All;
            }
        }
    }

    /// <summary>The last observation of each position and balance.</summary>
    public IReadOnlyList<JournalRecord> Observed
    {
        get
        {
            lock (_gate)
            {
                return _state.Observed;
            }
        }
    }

    /// <summary>Takes the accounts, opens the journal's file and begins a run; in that order, so that a second process changes nothing.</summary>
    /// <param name="path">The file; the locks of the accounts lie beside it.</param>
    /// <param name="settings">What the journal is for.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <exception cref="JournalException">Another process has the accounts, or the journal cannot be read or written.</exception>
    public static OrderJournal Open(string path, JournalSettings settings, ILanes lanes)
    {
        var accounts = JournalLock.Take(Path.GetDirectoryName(Path.GetFullPath(path))!, settings.Accounts, settings.Logins);
        IJournalStore? store = null;
        OrderJournal? journal = null;
        try
        {
            store = SqliteJournalStore.Open(path, settings.Configuration, lanes.Time);
            return journal = Start(store, settings, lanes, accounts);
        }
        finally
        {
            if (journal is null)
            {
                store?.Dispose();
                accounts.Dispose();
            }
        }
    }

    /// <summary>Reads the journal and begins a run, which is durable when this returns; compacts it afterwards if that is worth while.</summary>
    /// <param name="store">The records; disposed with the journal, not if this throws.</param>
    /// <param name="settings">What the journal is for.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <param name="accounts">Held as long as the journal; null: nothing.</param>
    /// <exception cref="JournalException">The journal cannot be read or written.</exception>
    public static OrderJournal Start(IJournalStore store, JournalSettings settings, ILanes lanes, IDisposable? accounts = null)
    {
        var nowUtc = lanes.Time.GetUtcNow().UtcDateTime;
        var keepFromUtc = nowUtc - settings.KeepFor;
        var state = new JournalState();
        var old = 0;
        foreach (var (_, record) in store.Read())
        {
            state.Apply(record);
            old += record.TimeUtc < keepFromUtc ? 1 : 0;
        }

        var hadEnded = state.HasRunEnded;
        var started = JournalRecord.RunStarted(nowUtc, state.Run + 1, settings.Configuration, settings.Accounts);
        store.Append([started]);
        store.Flush();
        state.Apply(started);
        var journal = new OrderJournal(store, state, settings, lanes, accounts) { HadEnded = hadEnded };
        if (old >= settings.CompactFrom)
        {
            journal._lane.Post(() => journal.Compact(keepFromUtc));
        }

        return journal;
    }

    /// <summary>
    /// Our own id of an order of this run: at most 32 letters, digits and hyphens. It follows from the journal, the run and
    /// the order alone, so it can be told again and again, and no other order, run or journal has it; a run that starts from
    /// an old copy of the journal has another start, and by that other ids.
    /// </summary>
    /// <param name="orderId">LEAN's id.</param>
    public string ClientIdOf(int orderId) => _clientIdPrefix + Base36(unchecked((uint)orderId));

    /// <summary>An order that is not over; null: it is over, or not in the journal.</summary>
    public OpenIntent? Find(string clientId)
    {
        lock (_gate)
        {
            return _state.Find(clientId);
        }
    }

    /// <summary>Whether an execution is in the journal, and not so old that it was compacted away.</summary>
    public bool HasExecution(string account, string instrument, string executionId)
    {
        lock (_gate)
        {
            return _state.HasExecution(account, instrument, executionId);
        }
    }

    /// <summary>Adds a record and returns at once.</summary>
    /// <param name="record">The record.</param>
    /// <param name="durable">
    /// Told once, on the journal's lane, in the order of the records: true when it is durable; false if it could not be made
    /// so now. Not told after the journal's end.
    /// </param>
    /// <exception cref="ArgumentException">The record lacks what its kind must have, or the client id of an open order is used again.</exception>
    public void Write(JournalRecord record, Action<bool>? durable = null)
    {
        if (record.Missing() is { } missing)
        {
            throw new ArgumentException($"a record of kind {record.Kind} lacks {missing}");
        }

        lock (_gate)
        {
            if (record.Kind == JournalRecordKind.Intent && _state.Find(record.ClientId!) is { } other)
            {
                throw new ArgumentException($"the client order id {record.ClientId} is that of order {other.OrderId} of run {other.Run}, which is not over: an id is used once");
            }

            if (_isOver)
            {
                return;
            }

            _state.Apply(record);
            _waiting.Add((record, durable));
            if (_isPosted)
            {
                return;
            }

            _isPosted = true;
        }

        _lane.Post(Drain);
    }

    /// <summary>Says that what the doubt was about is settled.</summary>
    /// <param name="text">By whom, or how.</param>
    public void Trust(string text) => Write(JournalRecord.Trust(_time.GetUtcNow().UtcDateTime, text));

    /// <summary>Says that the run ends in order; what is written afterwards is still taken.</summary>
    /// <param name="text">Why.</param>
    public void End(string? text = null) => Write(JournalRecord.RunEnded(_time.GetUtcNow().UtcDateTime, Run, text));

    /// <summary>Writes what waits, then closes the store and lets go of the accounts, on the journal's lane: a disk that hangs is not waited for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        _retries.Dispose();
        _lane.Post(() =>
        {
            try
            {
                Drain();
            }
            finally
            {
                _store.Dispose();
                _accounts?.Dispose();
                Volatile.Write(ref _isClosed, true);
                _lane.Dispose();
            }
        });
    }

    private static string PrefixOf(string identity, int run, DateTime startedUtc)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{identity}\n{run}\n{startedUtc.Ticks}")));
        var token = BinaryPrimitives.ReadUInt64LittleEndian(hash) % 3_656_158_440_062_976UL;
        return $"x{Base36(token).PadLeft(10, '0')}-{Base36((ulong)run)}-";
    }

    /// <summary>Digits and small letters.</summary>
    private static string Base36(ulong value)
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var text = new StringBuilder();
        do
        {
            text.Insert(0, Digits[(int)(value % 36)]);
            value /= 36;
        }
        while (value > 0);
        return text.ToString();
    }

    /// <summary>On the lane, before the first order of a run: its children are still connecting.</summary>
    private void Compact(DateTime keepFromUtc)
    {
        try
        {
            _store.Compact(keepFromUtc);
        }
        catch (JournalStorageException)
        {
            // Everything is as before; whether there is room for more shows when more is written.
        }
    }

    private void Retry()
    {
        lock (_gate)
        {
            if (_unwritten.Count == 0)
            {
                return;
            }
        }

        Drain();
    }

    /// <summary>On the lane: everything that waits goes out in one flush.</summary>
    private void Drain()
    {
        List<(JournalRecord Record, Action<bool>? Durable)> taken;
        JournalRecord[] batch;
        lock (_gate)
        {
            _isPosted = false;
            taken = _waiting;
            _waiting = [];
            _unwritten.AddRange(taken.Select(entry => entry.Record));
            batch = [.. _unwritten];
        }

        if (batch.Length == 0)
        {
            return;
        }

        string? problem = null;
        try
        {
            _store.Append(batch);
            _store.Flush();
        }
        catch (JournalStorageException error)
        {
            problem = error.Message;
        }

        string? before;
        lock (_gate)
        {
            before = _problem;
            _problem = problem;
            if (problem is null)
            {
                _unwritten.Clear();
            }
        }

        Tell(before, problem, batch.Length);
        foreach (var (_, durable) in taken)
        {
            if (durable is not null)
            {
                _answers.Enqueue((durable, problem is null));
            }
        }

        Answer();
    }

    /// <summary>One who cannot bear the answer must not cost the others theirs: the lane says what it threw, and goes on.</summary>
    private void Answer()
    {
        var isDone = false;
        try
        {
            while (_answers.TryDequeue(out var answer))
            {
                answer.Durable(answer.IsDurable);
            }

            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                _lane.Post(Answer);
            }
        }
    }

    private void Tell(string? before, string? problem, int records)
    {
        if (before is null && problem is not null)
        {
            Said?.Invoke("unwritable", $"{problem} Orders that raise exposure are not sent until then.");
        }
        else if (before is not null && problem is null)
        {
            Said?.Invoke("writable", string.Create(CultureInfo.InvariantCulture, $"the journal {Name} is written again; {records} records that waited are in it"));
        }
    }
}
