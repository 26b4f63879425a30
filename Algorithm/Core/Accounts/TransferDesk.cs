#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// Who carries planned transfers: the simulation itself, or in live a person. The plugin needs no right to withdraw.
/// </summary>
public interface ITransferAgent
{
    /// <summary>What was asked for or is on its way, oldest first.</summary>
    IReadOnlyList<OpenTransfer> Open { get; }

    /// <summary>Takes a transfer on.</summary>
    /// <param name="id">Names it; unique.</param>
    /// <param name="transfer">The transfer.</param>
    /// <param name="utcNow">UTC.</param>
    void Request(string id, PlannedTransfer transfer, DateTime utcNow);

    /// <summary>Goes on to a time.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    /// <param name="ended">Gets what ended, in its order.</param>
    void Advance(DateTime utcNow, List<EndedTransfer> ended);
}

/// <summary>A transfer that is not over.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Planned">What it is.</param>
/// <param name="RequestedUtc">When it was asked for, UTC.</param>
/// <param name="SentUtc">When it left, UTC; null: it has not, as far as is known.</param>
/// <param name="IsBooked">Whether the accounts themselves count it: in transit at the receiver, gone at the sender.</param>
public sealed record OpenTransfer(string Id, PlannedTransfer Planned, DateTime RequestedUtc, DateTime? SentUtc, bool IsBooked);

/// <summary>How a transfer ended.</summary>
public enum TransferEnd
{
    /// <summary>It arrived.</summary>
    Arrived,

    /// <summary>It came back to its sender; the fee is gone.</summary>
    Failed,

    /// <summary>It is gone.</summary>
    Lost,

    /// <summary>It arrived at a venue that had failed, or came back to one: what that venue does not recover is gone.</summary>
    WrittenOff,

    /// <summary>Nobody confirmed the request, or it was not seen to arrive.</summary>
    Expired,
}

/// <summary>A transfer that is over.</summary>
/// <param name="Transfer">What it was.</param>
/// <param name="End">How it ended.</param>
/// <param name="TimeUtc">When, UTC.</param>
public sealed record EndedTransfer(OpenTransfer Transfer, TransferEnd End, DateTime TimeUtc);

/// <summary>What a person is told of transfers.</summary>
public enum TransferNoticeKind
{
    /// <summary>A person is asked to send money.</summary>
    Asked,

    /// <summary>Money left.</summary>
    Sent,

    /// <summary>A transfer ended; the text says how.</summary>
    Ended,

    /// <summary>A need cannot be met.</summary>
    Unmet,
}

/// <summary>A notice about transfers.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">What a person reads.</param>
public sealed record TransferNotice(DateTime TimeUtc, TransferNoticeKind Kind, string Text);

/// <summary>
/// Transfers at work: looks at the accounts, plans, asks the agent, and remembers what was sent today and what failed.
/// Deterministic; reads no clock. One call at a time.
/// </summary>
/// <remarks>
/// A host calls <see cref="Advance"/> at each step, after the scenario went on and before it looks for liquidations, and
/// <see cref="Review"/> after marks and rates are up to date.
/// </remarks>
public sealed class TransferDesk
{
    private readonly TransferSettings _settings;
    private readonly HedgeSettings _hedge;
    private readonly TransferRoutes _routes;
    private readonly ITransferAgent _agent;
    private readonly Func<IReadOnlyList<TransferAccount>> _accountsOf;
    private readonly Func<decimal?>? _lowestDistance;
    private readonly Dictionary<string, decimal> _counted = [];
    private readonly List<EndedTransfer> _justEnded = [];
    private readonly List<EndedTransfer> _ended = [];
    private readonly Dictionary<string, UnmetReason> _told = [];
    private DateTime _nextReviewUtc = DateTime.MinValue;
    private int _lastId;

    /// <summary>Creates the desk.</summary>
    /// <param name="settings">When and how much is moved.</param>
    /// <param name="hedge">The warning distance.</param>
    /// <param name="routes">The ways.</param>
    /// <param name="agent">Who carries.</param>
    /// <param name="accountsOf">The accounts as they stand; see <see cref="TransferAccount.Of"/>.</param>
    /// <param name="lowestDistance">The smallest distance over all accounts, so that looking costs nothing while all are well; null: always look.</param>
    public TransferDesk(
        TransferSettings settings,
        HedgeSettings hedge,
        TransferRoutes routes,
        ITransferAgent agent,
        Func<IReadOnlyList<TransferAccount>> accountsOf,
        Func<decimal?>? lowestDistance = null)
    {
        _settings = settings;
        _hedge = hedge;
        _routes = routes;
        _agent = agent;
        _accountsOf = accountsOf;
        _lowestDistance = lowestDistance;
    }

    /// <summary>Told each notice.</summary>
    public Action<TransferNotice>? Noticed { get; set; }

    /// <summary>What was sent today and what failed.</summary>
    public TransferMemory Memory { get; } = new();

    /// <summary>What was asked for or is on its way, oldest first.</summary>
    public IReadOnlyList<OpenTransfer> Open => _agent.Open;

    /// <summary>Everything that ended, oldest first.</summary>
    public IReadOnlyList<EndedTransfer> Ended => _ended;

    /// <summary>The last plan.</summary>
    public TransferPlan Plan { get; private set; } = TransferPlan.Nothing;

    /// <summary>Goes on to a time: what is due arrives, comes back or is lost.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    public void Advance(DateTime utcNow)
    {
        _justEnded.Clear();
        _agent.Advance(utcNow, _justEnded);
        foreach (var ended in _justEnded)
        {
            var planned = ended.Transfer.Planned;
            if (ended.End is TransferEnd.Failed or TransferEnd.Lost or TransferEnd.WrittenOff)
            {
                Memory.Pause(planned.Route.From, planned.Route.To, utcNow + _settings.FailurePause);
            }
            else if (ended is { End: TransferEnd.Expired, Transfer.SentUtc: null } && _counted.TryGetValue(ended.Transfer.Id, out var value))
            {
                Memory.Count(planned.Route.From, ended.Transfer.RequestedUtc, -value);
            }

            _counted.Remove(ended.Transfer.Id);
            _ended.Add(ended);
            Notice(utcNow, TransferNoticeKind.Ended, $"{ended.Transfer.Id}: {Text(planned)} {Text(ended)}");
        }
    }

    /// <summary>Looks whether money is needed, at most once per <see cref="TransferSettings.ReviewEvery"/>, and has it sent or asked for.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    public void Review(DateTime utcNow)
    {
        if (utcNow < _nextReviewUtc)
        {
            return;
        }

        _nextReviewUtc = utcNow + _settings.ReviewEvery;
        if (_lowestDistance is not null && !(_lowestDistance() < _settings.TargetDistance) && (_settings.Home is null || _settings.CarryRate == 0m))
        {
            Plan = TransferPlan.Nothing;
            _told.Clear();
            return;
        }

        var accounts = _accountsOf().Select(account => WithOpen(account, _agent.Open)).ToArray();
        Plan = TransferPlanner.Plan(accounts, _routes, _settings, _hedge, Memory, utcNow);
        foreach (var planned in Plan.Transfers)
        {
            var id = FormattableString.Invariant($"T{++_lastId}");
            var rate = Array.Find(accounts, account => account.Name == planned.Route.From)!.Balances.First(balance => balance.Currency == planned.Route.Currency).Rate;
            if (!planned.Route.IsInternal)
            {
                _counted[id] = planned.Amount * rate;
                Memory.Count(planned.Route.From, utcNow, planned.Amount * rate);
            }

            _agent.Request(id, planned, utcNow);
            var asks = _agent.Open.Any(open => open.Id == id && open.SentUtc is null);
            Notice(utcNow, asks ? TransferNoticeKind.Asked : TransferNoticeKind.Sent, asks
                ? $"{id}: please send {Text(planned)}; then say: confirm-transfer {id}. {Why(planned)}"
                : $"{id}: {Text(planned)} left. {Why(planned)}");
        }

        TellUnmet(utcNow);
        if (Plan.Transfers.Count > 0)
        {
            Advance(utcNow);
        }
    }

    /// <summary>
    /// An account with what is open and not in its own figures: asked for, it counts as on its way to the receiver and as
    /// gone at the sender; sent, at the receiver alone, because the sender's own figures show it.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="open">What is open.</param>
    public static TransferAccount WithOpen(TransferAccount account, IReadOnlyList<OpenTransfer> open)
    {
        foreach (var transfer in open)
        {
            var (route, amount) = (transfer.Planned.Route, transfer.Planned.Amount);
            if (transfer.IsBooked)
            {
                continue;
            }

            if (route.To == account.Name)
            {
                var balance = account.Balances.FirstOrDefault(balance => balance.Currency == route.Currency) ?? new TransferBalance(route.Currency, 0m, 0m, 0m);
                account = account with
                {
                    Balances = [.. account.Balances.Where(other => other.Currency != route.Currency), balance with { InTransit = balance.InTransit + amount }],
                };
            }
            else if (route.From == account.Name && transfer.SentUtc is null)
            {
                account = account with
                {
                    Balances = [.. account.Balances.Select(balance => balance.Currency == route.Currency ? balance with { Withdrawable = balance.Withdrawable - amount - route.Fee } : balance)],
                    Pools = [.. account.Pools.Select(pool => pool with { Held = pool.Held + (pool.ShareOf(route.Currency) * (amount + route.Fee)) })],
                };
            }
        }

        return account;
    }

    /// <summary>A need is said once, and again when what stands in its way changes.</summary>
    private void TellUnmet(DateTime utcNow)
    {
        foreach (var gone in _told.Keys.Where(account => Plan.Unmet.All(need => need.Account != account)).ToArray())
        {
            _told.Remove(gone);
        }

        foreach (var need in Plan.Unmet)
        {
            if (!_told.TryGetValue(need.Account, out var told) || told != need.Reason)
            {
                _told[need.Account] = need.Reason;
                Notice(utcNow, TransferNoticeKind.Unmet, FormattableString.Invariant($"{need.Account} is {need.Distance:P0} from liquidation and {need.Missing:0.##} short of {_settings.TargetDistance:P0}: {Text(need.Reason)}"));
            }
        }
    }

    private void Notice(DateTime utcNow, TransferNoticeKind kind, string text) => Noticed?.Invoke(new TransferNotice(utcNow, kind, text));

    private static string Text(PlannedTransfer planned)
    {
        var route = planned.Route;
        return FormattableString.Invariant($"{planned.Amount:0.########} {route.Currency} from {route.From} to {route.To}")
            + (route.IsInternal || route.Network.Length == 0 ? "" : FormattableString.Invariant($" over {route.Network} (fee about {route.Fee:0.########})"));
    }

    private string Why(PlannedTransfer planned) => planned.Reason switch
    {
        TransferReason.Solvency => FormattableString.Invariant($"{planned.Route.To} is {planned.Distance:P0} from liquidation; the target is {_settings.TargetDistance:P0}."),
        TransferReason.Excess => FormattableString.Invariant($"{planned.Route.To} is {planned.Distance:P0} from liquidation, short of its target, and {planned.Route.From} has more than it needs."),
        _ => FormattableString.Invariant($"{planned.Route.From} is {planned.Distance:P0} from liquidation and has more than it needs; at {planned.Route.To} it earns its way."),
    };

    private static string Text(EndedTransfer ended) => ended.End switch
    {
        TransferEnd.Arrived => "arrived.",
        TransferEnd.Failed => "came back: the fee is gone, the way is not used for a while.",
        TransferEnd.Lost => "is lost.",
        TransferEnd.WrittenOff => "stands at a venue that has failed.",
        _ => ended.Transfer.SentUtc is null ? "was not confirmed in time: the request is over." : "was not seen to arrive in time: find out where it is.",
    };

    private static string Text(UnmetReason reason) => reason switch
    {
        UnmetReason.NoRoute => "no account with a currency that counts there has a way to it; give a route.",
        UnmetReason.NoSurplus => "no account has money to spare; bring some from outside, or reduce.",
        UnmetReason.WithdrawDown => "the venue that has the money pays nothing out; bring some from outside, or reduce.",
        UnmetReason.Paused => "the way has just failed.",
        UnmetReason.BelowMinimum => "what could be sent is less than the way takes.",
        UnmetReason.DailyCap => "the sender's cap of the day is reached; raise it, or reduce.",
        _ => "its venue has failed; nothing is sent there.",
    };
}

/// <summary>
/// Carries transfers in a simulation: the money leaves at once, is really in transit for the route's time, and then
/// arrives, waits, comes back or is gone, as the scenario says.
/// </summary>
/// <remarks>
/// All of it is entries of the ledger. What an entry takes from the total over all accounts and transit (a fee, what is
/// lost, what a failed venue does not recover) is told to <see cref="CashMoved"/> before the entry is booked, so that the
/// host's one cash book follows in the same step.
/// </remarks>
/// <param name="ledger">The accounts.</param>
/// <param name="scenario">What goes wrong; gone on to the same time before; null: nothing.</param>
public sealed class SimulatedTransferAgent(Ledger ledger, ScenarioPlayer? scenario = null) : ITransferAgent
{
    private readonly List<OpenTransfer> _open = [];
    private readonly Dictionary<string, TransferFate> _doomed = [];

    /// <inheritdoc />
    public IReadOnlyList<OpenTransfer> Open => _open;

    /// <summary>Told the currency and by how much all of it changes; negative.</summary>
    public Action<string, decimal>? CashMoved { get; set; }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The id is on its way already, or an account is unknown.</exception>
    public void Request(string id, PlannedTransfer transfer, DateTime utcNow)
    {
        var route = transfer.Route;
        MoveCash(route.Currency, -route.Fee);
        ledger.Post(new TransferSentEntry(utcNow, id, route.From, route.To, route.Currency, transfer.Amount, route.Fee));
        _open.Add(new OpenTransfer(id, transfer, utcNow, utcNow, IsBooked: true));
        Watch(_open[^1]);
    }

    /// <inheritdoc />
    public void Advance(DateTime utcNow, List<EndedTransfer> ended)
    {
        for (var i = 0; i < _open.Count; i++)
        {
            var open = _open[i];
            var fate = Watch(open);
            if (utcNow < open.SentUtc + open.Planned.Route.Time || fate == TransferFate.Stuck)
            {
                continue;
            }

            _open.RemoveAt(i--);
            _doomed.Remove(open.Id);
            ended.Add(new EndedTransfer(open, Settle(open, fate, utcNow), utcNow));
        }
    }

    /// <summary>What becomes of a transfer if it is due now. What failed or got lost while it travelled is so when it is due.</summary>
    private TransferFate Watch(OpenTransfer open)
    {
        var route = open.Planned.Route;
        var now = scenario?.FateOf(MarketOf(route.From), MarketOf(route.To), route.Currency) ?? TransferFate.Arrives;
        if (now is TransferFate.Fails or TransferFate.Lost && !_doomed.ContainsKey(open.Id))
        {
            _doomed.Add(open.Id, now);
        }

        return now == TransferFate.Stuck ? now : _doomed.GetValueOrDefault(open.Id, now);
    }

    private TransferEnd Settle(OpenTransfer open, TransferFate fate, DateTime utcNow)
    {
        var route = open.Planned.Route;
        var amount = open.Planned.Amount;
        switch (fate)
        {
            case TransferFate.Lost:
                MoveCash(route.Currency, -amount);
                ledger.Post(new TransferFailedEntry(utcNow, open.Id, 0m));
                return TransferEnd.Lost;
            case TransferFate.Fails:
                ledger.Post(new TransferFailedEntry(utcNow, open.Id, amount));
                return WriteOff(route.From, route.Currency, amount, utcNow) ? TransferEnd.WrittenOff : TransferEnd.Failed;
            default:
                ledger.Post(new TransferArrivedEntry(utcNow, open.Id));
                return WriteOff(route.To, route.Currency, amount, utcNow) ? TransferEnd.WrittenOff : TransferEnd.Arrived;
        }
    }

    /// <summary>Money that comes to a venue that has failed shares its fate: all but the recovery is gone. What comes in the very step of the failure is written off with the account.</summary>
    private bool WriteOff(string account, string currency, decimal amount, DateTime utcNow)
    {
        var market = MarketOf(account);
        if (scenario is null || !scenario.HadFailed(market))
        {
            return false;
        }

        var recovery = scenario.Scenario.Events.First(what => what.Kind == ScenarioKind.Insolvency && what.Venue == market).Size ?? 0m;
        var lost = amount * (1m - recovery);
        if (lost > 0m)
        {
            MoveCash(currency, -lost);
            ledger.Post(new WriteOffEntry(utcNow, account, currency, -lost));
        }

        return true;
    }

    private void MoveCash(string currency, decimal amount)
    {
        if (amount != 0m)
        {
            CashMoved?.Invoke(currency, amount);
        }
    }

    private string MarketOf(string name)
    {
        for (var i = 0; i < ledger.Accounts.Count; i++)
        {
            if (ledger.Accounts[i].Definition.Name == name)
            {
                return ledger.Accounts[i].Definition.Market;
            }
        }

        throw new InvalidOperationException($"No account is called {name}.");
    }
}

/// <summary>
/// Asks a person. A request counts as on its way until it is seen to arrive, ends unconfirmed, or was confirmed and not
/// seen. Safe for one call at a time.
/// </summary>
/// <remarks>
/// The host tells every credit that no order, fee or funding explains to <see cref="Credited"/>, in the same step in
/// which the account's figures show it, and hands on the command <c>transferred ID</c> to <see cref="Confirm"/>.
/// </remarks>
/// <param name="settings">Tolerance, expiry, window.</param>
public sealed class AskingTransferAgent(TransferSettings settings) : ITransferAgent
{
    private readonly List<OpenTransfer> _open = [];
    private readonly List<EndedTransfer> _arrived = [];

    /// <inheritdoc />
    public IReadOnlyList<OpenTransfer> Open => _open;

    /// <inheritdoc />
    public void Request(string id, PlannedTransfer transfer, DateTime utcNow) => _open.Add(new OpenTransfer(id, transfer, utcNow, SentUtc: null, IsBooked: false));

    /// <summary>A person says that a requested transfer was sent.</summary>
    /// <param name="id">The transfer.</param>
    /// <param name="utcNow">UTC.</param>
    /// <returns>Why not; null: it is noted.</returns>
    public string? Confirm(string id, DateTime utcNow)
    {
        var at = _open.FindIndex(open => string.Equals(open.Id, id, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            return $"no transfer {id} is asked for; open are: {(_open.Count == 0 ? "none" : string.Join(", ", _open.Select(open => open.Id)))}.";
        }

        if (_open[at].SentUtc is not null)
        {
            return $"{_open[at].Id} was confirmed before.";
        }

        _open[at] = _open[at] with { SentUtc = utcNow };
        return null;
    }

    /// <summary>An account was credited with what no order explains.</summary>
    /// <param name="account">The account.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="amount">Positive.</param>
    /// <param name="utcNow">UTC.</param>
    /// <returns>The transfer that it is; null: none that was asked for.</returns>
    public OpenTransfer? Credited(string account, string currency, decimal amount, DateTime utcNow)
    {
        if (Match(_open, account, currency, amount, utcNow, settings) is not { } open)
        {
            return null;
        }

        _open.Remove(open);
        _arrived.Add(new EndedTransfer(open with { SentUtc = open.SentUtc ?? utcNow }, TransferEnd.Arrived, utcNow));
        return open;
    }

    /// <inheritdoc />
    public void Advance(DateTime utcNow, List<EndedTransfer> ended)
    {
        ended.AddRange(_arrived);
        _arrived.Clear();
        for (var i = 0; i < _open.Count; i++)
        {
            if (utcNow >= EndOf(_open[i], settings))
            {
                ended.Add(new EndedTransfer(_open[i], TransferEnd.Expired, utcNow));
                _open.RemoveAt(i--);
            }
        }
    }

    /// <summary>
    /// Which open transfer a credit is: to the account, in the currency, within its time, and of its amount, less at most
    /// the fee, give or take the tolerance. The nearest amount wins, then the oldest. Pure.
    /// </summary>
    /// <param name="open">What is open, oldest first.</param>
    /// <param name="account">The credited account.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="amount">What was credited.</param>
    /// <param name="utcNow">When, UTC.</param>
    /// <param name="settings">Tolerance, expiry, window.</param>
    public static OpenTransfer? Match(IReadOnlyList<OpenTransfer> open, string account, string currency, decimal amount, DateTime utcNow, TransferSettings settings)
    {
        OpenTransfer? best = null;
        foreach (var transfer in open)
        {
            var (route, expected) = (transfer.Planned.Route, transfer.Planned.Amount);
            var tolerance = settings.AmountTolerance * expected;
            if (route.To == account && route.Currency == currency
                && utcNow >= transfer.RequestedUtc && utcNow < EndOf(transfer, settings)
                && amount >= expected - route.Fee - tolerance && amount <= expected + tolerance
                && (best is null || Math.Abs(amount - expected) < Math.Abs(amount - best.Planned.Amount)))
            {
                best = transfer;
            }
        }

        return best;
    }

    private static DateTime EndOf(OpenTransfer open, TransferSettings settings)
        => open.SentUtc is { } sent ? sent + settings.ArrivalWindow : open.RequestedUtc + settings.RequestExpiry;
}
