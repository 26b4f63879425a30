using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Recording;

[TestFixture]
public sealed class RunRecorderTests
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void FiguresComeFromWhatHappened()
    {
        var book = new InstrumentBook(BybitPerpetual);
        var recorder = new RunRecorder();
        recorder.Start("USDT", [BinanceSpot, BybitPerpetual], id => id == BybitPerpetual.Id ? book : null, Accounts());
        book.Executed(new Execution(BybitPerpetual.Id, 2, 1, 1, -1m, 0m, 17_000m));

        recorder.OrderEvent(Start, 1, BinanceSpot.Id, "Filled", 1m, 17_010m, 0.001m, "BTC", 17m);
        recorder.OrderEvent(Start, 2, BybitPerpetual.Id, "Submitted", 0m, 0m, 0m, "USDT", 0m);
        recorder.OrderEvent(Start, 2, BybitPerpetual.Id, "Filled", -1m, 17_000m, 9m, "USDT", 9m);
        recorder.FundingBooked(BybitPerpetual.Id, -3m);
        recorder.Mark(BybitPerpetual.Id, 16_000m);
        var summary = recorder.Summarize();

        Assert.That((summary.Orders, summary.Fills, summary.Fees, summary.Funding), Is.EqualTo((2, 2, 26m, -3m)));
        Assert.That(summary.Venues.Select(venue => (venue.Fills, venue.Fees)), Is.EqualTo(new[] { (1, 17m), (1, 9m) }));
        Assert.That(summary.Venues.Select(venue => venue.Venue), Is.EqualTo(new[] { "binance:spot", "bybit:perpetual" }));
        Assert.That(summary.Venues[1].Positions.Single(), Is.EqualTo(new PositionSummary("BTCUSDT", -1m, 17_000m, 16_000m, 1_000m)));
    }

    [Test]
    public void EquityGivesDrawdownAndSharpe()
    {
        var recorder = new RunRecorder();
        decimal[] closes = [110m, 99m, 121m];
        for (var day = 0; day < closes.Length; day++)
        {
            recorder.StepEnded(Start.AddDays(day), day == 0 ? 100m : closes[day - 1]);
            recorder.StepEnded(Start.AddDays(day).AddHours(23), closes[day]);
        }

        var summary = recorder.Summarize();

        double[] returns = [110.0 / 100 - 1, 99.0 / 110 - 1, 121.0 / 99 - 1];
        var mean = returns.Average();
        var deviation = Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / 2);
        Assert.That((summary.EquityStart, summary.EquityEnd, summary.MaxDrawdown), Is.EqualTo((100m, 121m, 0.1m)));
        Assert.That(summary.Sharpe, Is.EqualTo(mean / deviation * Math.Sqrt(365)).Within(1e-12));
    }

    [Test]
    public void SinksGetAHeaderAndTheLines()
    {
        var events = new List<string>();
        var equity = new List<string>();
        var recorder = new RunRecorder { Sinks = new RunSinks { OrderEvents = events.Add, Equity = equity.Add } };
        recorder.Start("USDT", [BybitPerpetual], _ => null, Accounts());

        recorder.OrderEvent(Start, 1, BybitPerpetual.Id, "Filled", -1.50m, 17_000.0m, 9.0m, "USDT", 9m);
        recorder.StepEnded(Start, 100.500m);

        Assert.That(events, Is.EqualTo(new[]
        {
            "time,order,instrument,status,quantity,price,fee,feeCurrency",
            "2025-01-01T00:00:00.000Z,1,bybit:perpetual:BTCUSDT,Filled,-1.5,17000,9,USDT",
        }));
        Assert.That(equity, Is.EqualTo(new[] { "time,equity", "2025-01-01T00:00:00.000Z,100.5" }));
    }

    [Test]
    public void AccountsAreTakenDownOnceAnHourWithTheirNearestApproachToLiquidation()
    {
        var lines = new List<string>();
        var recorder = new RunRecorder { Sinks = new RunSinks { Accounts = lines.Add } };
        var accounts = Accounts();
        var position = accounts.Ledger.Open(BybitPerpetual);
        recorder.Start("USDT", [BybitPerpetual], _ => null, accounts);

        accounts.Ledger.Mark(position, 10_000m);
        accounts.Ledger.Post(new FillEntry(Start, BybitPerpetual.Id, -1m, 10_000m, 0m, 0m));
        foreach (var (minute, price) in new[] { (0, 10_000m), (30, 12_000m), (59, 11_000m), (60, 11_000m) })
        {
            accounts.Ledger.Mark(position, price);
            recorder.StepEnded(Start.AddMinutes(minute), 0m);
        }

        // 5,000 of money, 2,000 lost, 60 of maintenance margin at 0.5%: (5000 - 2000 - 60) / (12000 * 1.005).
        var worst = recorder.Summarize().Accounts.Single().Worst!;
        Assert.That(worst.Distance, Is.EqualTo(2_940m / 12_060m).Within(1e-20m));
        Assert.That((worst.Instrument, worst.TimeUtc), Is.EqualTo((BybitPerpetual.Id.ToString(), Start.AddMinutes(30))));
        Assert.That(lines.Skip(1).Select(line => line[..30]), Is.EqualTo(new[] { "2025-01-01T00:00:00.000Z,desk,5", "2025-01-01T01:00:00.000Z,desk,4" }.Select(line => line[..30])));
    }

    [Test]
    public void FundingThatIsNotInTheDataIsUnknownNotZero()
    {
        var recorder = new RunRecorder();
        recorder.Start("USDT", [BinanceSpot, BybitPerpetual], _ => null, Accounts() with { FundingGaps = id => id == BybitPerpetual.Id ? 2 : 0 });

        var summary = recorder.Summarize();

        Assert.That(summary.Funding, Is.Null);
        Assert.That(summary.Venues.Select(venue => (venue.Funding, venue.FundingGaps)), Is.EqualTo(new (decimal?, int)[] { (0m, 0), (null, 2) }));
    }

    [Test]
    public void EachHourIsSampledOnceAtItsFirstStep()
    {
        var sampled = new List<DateTime>();
        var recorder = new RunRecorder { Sampled = sampled.Add };
        recorder.Start("USDT", [BybitPerpetual], _ => null, Accounts());
        foreach (var minute in new[] { 5, 59, 60, 61, 119, 150, 180, 23 * 60, (23 * 60) + 59, 24 * 60 })
        {
            recorder.StepEnded(Start.AddMinutes(minute), 100m);
        }

        Assert.That(sampled, Is.EqualTo(new[] { 5, 60, 150, 180, 23 * 60, 24 * 60 }.Select(minute => Start.AddMinutes(minute))));
    }

    [Test]
    public void AnAccountsLineHasItsMarginsAndTheNearestDistanceOfItsPools()
    {
        var lines = new List<string>();
        var recorder = new RunRecorder { Sinks = new RunSinks { Accounts = lines.Add } };
        var busd = BybitPerpetual with { Id = Id("bybit:perpetual:BTCBUSD"), SettlementCurrency = "BUSD" };
        var accounts = Accounts(("USDT", 5_000m), ("BUSD", 10_000m));
        recorder.Start("USDT", [BybitPerpetual, busd], _ => null, accounts);
        recorder.StepEnded(Start, 0m);
        accounts.Ledger.Rate("BUSD", 1m);
        foreach (var instrument in new[] { BybitPerpetual, busd })
        {
            accounts.Ledger.Mark(accounts.Ledger.Open(instrument), 10_000m);
            accounts.Ledger.Post(new FillEntry(Start, instrument.Id, -1m, 10_000m, 0m, 0m));
        }

        recorder.StepEnded(Start.AddHours(1), 0m);

        Assert.That(lines[0], Is.EqualTo("time,account,equity,initialMargin,maintenanceMargin,distance"));
        Assert.That(lines[1], Is.EqualTo("2025-01-01T00:00:00.000Z,desk,5000,0,0,"), "money without a rate is not seen, and nothing can be liquidated");
        var columns = lines[2].Split(',');
        Assert.That(columns[..5], Is.EqualTo(new[] { "2025-01-01T01:00:00.000Z", "desk", "15000", columns[3], "100" }));
        Assert.That(decimal.Parse(columns[5], System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(4_950m / 10_050m).Within(1e-20m), "of the poorer pool");
        Assert.That(recorder.Summarize().Accounts.Single().Worst!.Instrument, Is.EqualTo(BybitPerpetual.Id.ToString()));
    }

    [Test]
    public void AnAccountIsToldWithItsFeesAndTheMostMarginThatItUsed()
    {
        var recorder = new RunRecorder();
        var accounts = Accounts(new FeeSchedule([new FeeTier(0m, 0.0002m, 0.0005m), new FeeTier(1_000_000m, 0.0001m, 0.0004m)]), ("USDT", 5_000m));
        var position = accounts.Ledger.Open(BybitPerpetual);
        recorder.Start("USDT", [BybitPerpetual], _ => null, accounts);
        accounts.Ledger.Mark(position, 10_000m);
        accounts.Ledger.Post(new FillEntry(Start, BybitPerpetual.Id, -1m, 10_000m, 0m, 0m));
        recorder.StepEnded(Start, 0m);
        var most = accounts.Ledger.Accounts[0].InitialMargin;
        accounts.Ledger.Mark(position, 9_000m);
        recorder.StepEnded(Start.AddMinutes(1), 0m);
        var account = recorder.Summarize().Accounts.Single();

        Assert.That((account.Account, account.Routes.Single(), account.Fees.Single()), Is.EqualTo(("desk", "bybit:perpetual", "0.0002/0.0005 from 1000000: 0.0001/0.0004")));
        Assert.That((account.EquityStart, account.EquityEnd, account.MaxInitialMargin, account.MaintenanceMargin), Is.EqualTo((5_000m, 6_000m, most, 45m)));
        Assert.That((account.InitialMargin, account.Profit.Total), Is.EqualTo((most * 0.9m, 1_000m)));
        Assert.That(recorder.Summarize().Profit.Total, Is.EqualTo(1_000m));
    }

    [Test]
    public void ALiquidatedAccountWasAtZeroDistance()
    {
        var liquidation = new LiquidationEvent(Start.AddHours(3), "desk", "bybit:perpetual:BTCUSDT", 1m, 9_000m, 5m, "liquidation by the venue");
        var other = liquidation with { Account = "another", TimeUtc = Start };
        var recorder = new RunRecorder();
        recorder.Start("USDT", [BybitPerpetual], _ => null, Accounts() with { Liquidations = [other, liquidation, liquidation with { TimeUtc = Start.AddHours(4) }] });
        var account = recorder.Summarize().Accounts.Single();

        Assert.That(account.Worst, Is.EqualTo(new WorstDistance(0m, "bybit:perpetual:BTCUSDT", Start.AddHours(3))));
        Assert.That(account.Liquidations, Has.Count.EqualTo(2));
    }

    [Test]
    public void ARunIsToldWithItsChecksGroupsAndLatency()
    {
        var accounts = Accounts() with { Latency = Latency.Of(TimeSpan.FromMilliseconds(100)) };
        var group = new GroupSummary("BTC", PairState.Working, 0.5m, UnhedgedReason.None, HaltCauses.None, false, false);
        var recorder = new RunRecorder();
        Assert.That((recorder.Summarize().Latency, recorder.Summarize().Groups.Count, recorder.Summarize().Invariants.Checked), Is.EqualTo(("", 0, 0L)), "not started");

        recorder.Start("USDT", [BybitPerpetual], _ => null, accounts with { Groups = () => [group] });
        Assert.That(accounts.Invariants.Holds(true), Is.True);
        Assert.That(accounts.Invariants.Holds(false), Is.False);
        for (var i = 0; i < 21; i++)
        {
            accounts.Invariants.Violated("money", $"{i} is missing");
        }

        var summary = recorder.Summarize();
        Assert.That((summary.Latency, summary.Groups.Single(), summary.AccountCurrency), Is.EqualTo(("00:00:00.1000000", group, "USDT")));
        Assert.That((summary.Invariants.Checked, summary.Invariants.Violated, summary.Invariants.Violations.Count, summary.Invariants.Violations[19]), Is.EqualTo((2L, 21L, 20, "money: 19 is missing")));
    }

    [Test]
    public void APositionsProfitIsItsMultiplierTimesItsMove()
    {
        var ten = BybitPerpetual with { ContractMultiplier = 10m };
        var book = new InstrumentBook(ten);
        book.Executed(new Execution(ten.Id, 2, 1, 1, -2m, 0m, 17_000m));
        var recorder = new RunRecorder();
        recorder.Start("USDT", [ten], _ => book, Accounts());
        recorder.Mark(ten.Id, 16_000m);

        Assert.That(recorder.Summarize().Venues.Single().Positions.Single().UnrealizedProfit, Is.EqualTo(20_000m));
    }

    [Test]
    public void TheSharpeRatioNeedsTwoDaysThatDiffer()
    {
        Assert.That(Sharpe((0, 100m), (0.5, 110m)), Is.Zero, "one day");
        Assert.That(Sharpe((0, 100m), (0.9, 110m), (1.9, 121m)), Is.Zero, "two alike");
        Assert.That(Sharpe((0, 0m), (0.9, 0m), (1.9, 0m)), Is.Zero, "no equity");
        Assert.That(Sharpe((0, 100m), (0.9, 110m), (1.9, 132m)), Is.EqualTo(0.15 / Math.Sqrt(0.005) * Math.Sqrt(365)).Within(1e-9));

        static double Sharpe(params (double Day, decimal Equity)[] steps)
        {
            var recorder = new RunRecorder();
            foreach (var (day, equity) in steps)
            {
                recorder.StepEnded(Start.AddDays(day), equity);
            }

            return recorder.Summarize().Sharpe;
        }
    }

    [Test]
    public void DrawdownIsFromThePeakAndOnlyBelowAPositiveOne()
    {
        var recorder = new RunRecorder();
        foreach (var equity in new[] { -5m, 0m, 200m, 150m, 210m, 189m })
        {
            recorder.StepEnded(Start, equity);
        }

        Assert.That((recorder.Summarize().EquityStart, recorder.Summarize().MaxDrawdown), Is.EqualTo((-5m, 0.25m)));
    }

    [Test]
    public void DecisionsAndFundingAreOfTheRun()
    {
        var decisions = new List<string>();
        var recorder = new RunRecorder { Sinks = new RunSinks { Decisions = decisions.Add } };
        recorder.Start("USDT", [BinanceSpot, BybitPerpetual], _ => null, Accounts());
        recorder.Decisions.Append(HedgeDecision.Decide(State(Group(), 1m)), DecisionCause.Slice);
        recorder.FundingBooked(BybitPerpetual.Id, -3m);
        recorder.FundingBooked(BybitPerpetual.Id, 1m);
        recorder.Residual.Observe(0, Start, 1m, 0.5m);
        var summary = recorder.Summarize();

        Assert.That(decisions, Has.Count.EqualTo(2));
        Assert.That(decisions[0], Is.EqualTo(DecisionLog.Header));
        Assert.That((summary.Funding, summary.Venues[1].Funding, summary.Residual.Decisions, summary.Residual.Max, summary.DecisionLogHash), Is.EqualTo((-2m, -2m, 1L, 1m, recorder.Decisions.Hash)));
    }

    private static RunAccounts Accounts() => Accounts(("USDT", 5_000m));

    private static RunAccounts Accounts(params (string, decimal)[] opening) => Accounts(null, opening);

    private static RunAccounts Accounts(FeeSchedule? fees, params (string, decimal)[] opening)
    {
        var profile = new VenueProfile { Name = "test", Source = "https://example.com", AsOf = new DateOnly(2025, 1, 1), FallbackTiers = MarginTiers.Flat(0.005m, 100m) };
        var desk = new AccountDefinition("desk", [BybitPerpetual.Id.Route], profile) { Opening = opening, PerpetualFees = fees };
        return new RunAccounts(new Ledger("USDT", [desk]), new InvariantTally(), [], Latency.None, _ => 0);
    }
}
