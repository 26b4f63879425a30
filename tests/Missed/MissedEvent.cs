using System;
using System.Collections.Generic;
using System.Dynamic;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.PaperExchange;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Orders;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>
/// Something happens at an exchange and is not told, or not as it should be. A run goes through it: the hedge is built, it
/// happens, and a while later our books, LEAN's holdings and the exchange must agree, with the book hedged.
/// </summary>
internal abstract class MissedEvent
{
    protected const string Primaries = "binance-spot";
    protected const string Hedges = "bybit";

    /// <summary>What must hold, holds for so long before it is believed.</summary>
    private static readonly TimeSpan Stays = TimeSpan.FromSeconds(10);

    /// <summary>The most that a run takes, by the engine's clock.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private DateTime _startUtc = DateTime.MinValue;
    private DateTime _hedgedUtc = DateTime.MaxValue;
    private DateTime _sinceUtc = DateTime.MaxValue;
    private string _missing = "the run did not start";
    private bool _hasHappened;

    public static IReadOnlyList<MissedEvent> All => [new Fill(), new Liquidation(), new Funding(), new PartialFill(), new Twice(), new CanceledByVenue(), new OwnerSells(), new OwnerBuys()];

    public abstract string Name { get; }

    /// <summary>Of algorithm and exchange, besides the usual ones.</summary>
    public virtual IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>();

    /// <summary>Whether it only happens once the hedge stands.</summary>
    protected virtual bool WaitsForHedge => true;

    /// <summary>What arrives of what the exchange says to an account.</summary>
    public virtual IEnumerable<PaperMessage> Heard(string account, PaperMessage message) => [message];

    /// <summary>Whether the line of an account is cut.</summary>
    public virtual bool IsCut(string account) => false;

    /// <summary>Goes on; in the algorithm's own thread.</summary>
    /// <returns>Whether the run goes on.</returns>
    public bool Step(MissedStage stage)
    {
        var now = stage.Algorithm.UtcTime;
        _startUtc = _startUtc == DateTime.MinValue ? now : _startUtc;
        if (!_hasHappened)
        {
            _missing = "the hedge was not built";
            _hedgedUtc = !IsHedged(stage) || stage.Differences().Count > 0 ? DateTime.MaxValue : _hedgedUtc < now ? _hedgedUtc : now;
            _hasHappened = (!WaitsForHedge || (_hedgedUtc < now && now - _hedgedUtc >= Stays)) && Happens(stage);
        }
        else
        {
            _missing = string.Join("; ", Missing(stage));
            _sinceUtc = _missing.Length > 0 ? DateTime.MaxValue : _sinceUtc < now ? _sinceUtc : now;
            if (_sinceUtc < now && now - _sinceUtc >= Stays)
            {
                return false;
            }
        }

        return now - _startUtc < Longest;
    }

    /// <summary>At the end of the run.</summary>
    public void Check(MissedStage stage)
    {
        Assert.That(_missing, Is.Empty, string.Join("\n", stage.Said));
        Assert.That(stage.Network.Sent.GroupBy(id => id).Where(same => same.Count() > 1), Is.Empty, "sent twice");
        CheckMore(stage);
    }

    /// <summary>Makes it happen once the time has come.</summary>
    /// <returns>Whether it did.</returns>
    protected abstract bool Happens(MissedStage stage);

    protected virtual void CheckMore(MissedStage stage)
    {
    }

    /// <summary>What is not yet as it should be in the end.</summary>
    protected virtual IEnumerable<string> Missing(MissedStage stage)
    {
        foreach (var difference in stage.Differences())
        {
            yield return difference;
        }

        if (!IsHedged(stage))
        {
            yield return FormattableString.Invariant($"{stage.At(MissedStage.Spot)} is hedged by {stage.At(MissedStage.Perpetual)}");
        }

        if (IsHalted(stage))
        {
            yield return "the group is halted";
        }
    }

    protected static bool IsHedged(MissedStage stage)
        => stage.At(MissedStage.Spot) > 0.01m && Math.Abs(stage.At(MissedStage.Spot) + stage.At(MissedStage.Perpetual)) < 0.001m;

    protected static bool IsHalted(MissedStage stage) => stage.Algorithm.Recorder.Summarize().Groups.Any(group => group.Halts != HaltCauses.None);

    /// <summary>The execution of a hedge order, and that it is over, never arrive.</summary>
    private sealed class Fill : MissedEvent
    {
        private string? _lost;

        public override string Name => "missed fill";

        protected override bool WaitsForHedge => false;

        public override IEnumerable<PaperMessage> Heard(string account, PaperMessage message)
        {
            if (account == Hedges && message.Kind == PaperMessageKind.Execution && message.ClientId is { } id)
            {
                _lost ??= id;
            }

            return _lost is not null && message.ClientId == _lost && message.Kind is PaperMessageKind.Execution or PaperMessageKind.Over ? [] : [message];
        }

        protected override bool Happens(MissedStage stage) => _lost is not null && stage.At(MissedStage.Perpetual) != 0m;

        protected override IEnumerable<string> Missing(MissedStage stage)
            => base.Missing(stage).Concat(stage.Algorithm.Transactions.GetOpenOrderTickets().Select(ticket => $"order {ticket.OrderId} is still open"));

        protected override void CheckMore(MissedStage stage)
            => Assert.That(stage.Algorithm.Transactions.GetOrderTickets(order => order.Symbol == stage.SymbolOf(MissedStage.Perpetual)).Sum(order => order.QuantityFilled), Is.EqualTo(stage.At(MissedStage.Perpetual)), "LEAN has a fill for it");
    }

    /// <summary>The venue closes half of the hedge and says nothing.</summary>
    private sealed class Liquidation : MissedEvent
    {
        public override string Name => "missed liquidation";

        public override IEnumerable<PaperMessage> Heard(string account, PaperMessage message)
            => message is { Kind: PaperMessageKind.Execution, ClientId: null } ? [] : [message];

        protected override bool Happens(MissedStage stage)
        {
            stage.AtExchange(venues => venues.Force(MissedStage.Perpetual, 0.5m, null, isLiquidation: true));
            return true;
        }

        protected override void CheckMore(MissedStage stage)
            => Assert.That(stage.Algorithm.Notices, Has.Some.Contains("bybit reports what no order of ours explains"));
    }

    /// <summary>Funding is paid and not told.</summary>
    private sealed class Funding : MissedEvent
    {
        private decimal _paid;

        public override string Name => "missed funding";

        public override IEnumerable<PaperMessage> Heard(string account, PaperMessage message)
            => message.Kind == PaperMessageKind.Funding ? [] : [message];

        protected override bool Happens(MissedStage stage)
        {
            _paid = stage.AtExchange(venues =>
            {
                var position = venues.Ledger.Find(MissedStage.Perpetual)!;
                var amount = -position.Quantity * position.Mark * 0.01m;
                venues.Ledger.Post(new FundingEntry(venues.NowUtc, MissedStage.Perpetual, position.Quantity, position.Mark, 0.01m, amount));
                return amount;
            });
            return true;
        }

        protected override IEnumerable<string> Missing(MissedStage stage)
        {
            var theirs = stage.AtExchange(venues => venues.Ledger.Accounts.Sum(account => account.Balances.Where(balance => balance.Currency == "USDT").Sum(balance => balance.Total)));
            var cash = stage.Algorithm.Portfolio.CashBook["USDT"].Amount;
            return Math.Abs(cash - theirs) < 0.00000001m ? base.Missing(stage) : [FormattableString.Invariant($"LEAN's cash is {cash}, that of the accounts {theirs}")];
        }

        protected override void CheckMore(MissedStage stage) => Assert.That(_paid, Is.GreaterThan(10m));
    }

    /// <summary>The line is cut after the first part of an order; the other parts trade meanwhile.</summary>
    private sealed class PartialFill : MissedEvent
    {
        private static readonly TimeSpan Away = TimeSpan.FromSeconds(12);

        private long _cutTicks;
        private PaperVenues? _venues;
        private int _missed;

        public override string Name => "partial fill during a disconnect";

        protected override bool WaitsForHedge => false;

        public override IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
        {
            ["BTC.notional"] = "150000000",
            ["binance-spot.cash"] = "USDT:200000000",
            ["bybit.cash"] = "USDT:200000000",
        };

        public override bool IsCut(string account)
            => account == Primaries && Volatile.Read(ref _cutTicks) is > 0 and var cut && _venues!.NowUtc.Ticks - cut < Away.Ticks;

        protected override bool Happens(MissedStage stage)
        {
            stage.AtExchange(venues =>
            {
                _venues = venues;
                venues.Reached ??= Reached;
            });
            return Volatile.Read(ref _cutTicks) > 0 && !IsCut(Primaries);
        }

        protected override void CheckMore(MissedStage stage)
        {
            Assert.That(_missed, Is.GreaterThan(0), "nothing traded while the line was cut");
            Assert.That(stage.Algorithm.Transactions.GetOrderTickets(order => order.Symbol == stage.SymbolOf(MissedStage.Spot)).First().Status, Is.EqualTo(OrderStatus.Filled));
        }

        private void Reached(string account, string instrument, PaperMoment moment)
        {
            if (moment == PaperMoment.Filled && account == Primaries)
            {
                _missed += IsCut(account) ? 1 : 0;
                Interlocked.CompareExchange(ref _cutTicks, _venues!.NowUtc.Ticks, 0);
            }
        }
    }

    /// <summary>Everything that is said of orders is said twice.</summary>
    private sealed class Twice : MissedEvent
    {
        private int _said;

        public override string Name => "duplicate executions";

        protected override bool WaitsForHedge => false;

        public override IEnumerable<PaperMessage> Heard(string account, PaperMessage message)
        {
            _said += message.Kind == PaperMessageKind.Execution ? 1 : 0;
            return message.Kind is PaperMessageKind.Working or PaperMessageKind.Execution or PaperMessageKind.Over ? [message, message] : [message];
        }

        protected override bool Happens(MissedStage stage) => IsHedged(stage);

        protected override void CheckMore(MissedStage stage) => Assert.That(_said, Is.GreaterThan(1));
    }

    /// <summary>A resting order is canceled at the venue, not by us.</summary>
    private sealed class CanceledByVenue : MissedEvent
    {
        private OrderTicket? _ticket;

        public override string Name => "order canceled by the venue";

        protected override bool Happens(MissedStage stage)
        {
            var primary = stage.SymbolOf(MissedStage.Spot);
            _ticket ??= stage.Algorithm.LimitOrder(primary, 0.01m, decimal.Round(stage.Algorithm.Securities[primary].Price * 0.8m), asynchronous: true);
            if (_ticket.Status != OrderStatus.Submitted)
            {
                return false;
            }

            stage.AtExchange(venues => venues.Handle(
                new PaperSession(new Silent(), venues.Ledger.Accounts.First(account => account.Definition.Name == Primaries)),
                new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = stage.Network.Sent[^1] }));
            return true;
        }

        protected override IEnumerable<string> Missing(MissedStage stage)
            => _ticket!.Status == OrderStatus.Canceled ? base.Missing(stage) : [$"LEAN says that the order is {_ticket.Status}"];

        private sealed class Silent : IPaperClient
        {
            public void Push(PaperMessage message)
            {
            }

            public void Close()
            {
            }
        }
    }

    /// <summary>The owner sells half of the coins by hand: the hedge follows.</summary>
    private sealed class OwnerSells : MissedEvent
    {
        private decimal _sold;

        public override string Name => "the owner sells by hand";

        protected override bool Happens(MissedStage stage)
        {
            _sold = decimal.Round(stage.At(MissedStage.Spot) / 2m, 3);
            stage.Trade(MissedStage.Spot, -_sold);
            return true;
        }

        protected override void CheckMore(MissedStage stage)
        {
            // The strategy may have bought again since.
            var bought = stage.Algorithm.Transactions.GetOrderTickets(order => order.Symbol == stage.SymbolOf(MissedStage.Perpetual) && order.Quantity > 0m).Sum(order => order.QuantityFilled);
            Assert.That(bought, Is.EqualTo(_sold).Within(0.001m), "the hedge followed");
            Assert.That(stage.Algorithm.Notices, Has.Some.Contains("binance-spot reports what no order of ours explains"));
        }
    }

    /// <summary>The owner buys by hand: nobody knows what for, so the group waits for a person, and hedges it when that one resumes.</summary>
    private sealed class OwnerBuys : MissedEvent
    {
        private decimal _hedgeBefore;
        private bool _isResumed;

        public override string Name => "the owner buys by hand";

        protected override bool Happens(MissedStage stage)
        {
            _hedgeBefore = stage.At(MissedStage.Perpetual);
            stage.Trade(MissedStage.Spot, 0.1m);
            return true;
        }

        protected override IEnumerable<string> Missing(MissedStage stage)
        {
            if (!_isResumed)
            {
                if (!IsHalted(stage) || stage.Differences().Count > 0)
                {
                    return ["the group is not halted", .. stage.Differences()];
                }

                Assert.That(stage.At(MissedStage.Perpetual), Is.EqualTo(_hedgeBefore), "nothing was sent");
                Assert.That(stage.Algorithm.Notices, Has.Some.Contains("and no order explains it. BTC takes exits only"));
                dynamic command = new ExpandoObject();
                command.command = "resume";
                command.target = "BTC";
                _isResumed = stage.Algorithm.OnCommand(command);
            }

            return base.Missing(stage);
        }

        protected override void CheckMore(MissedStage stage) => Assert.That(_isResumed, Is.True);
    }
}
