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

    private static RunAccounts Accounts()
    {
        var profile = new VenueProfile { Name = "test", Source = "https://example.com", AsOf = new DateOnly(2025, 1, 1), FallbackTiers = MarginTiers.Flat(0.005m, 100m) };
        var desk = new AccountDefinition("desk", [BybitPerpetual.Id.Route], profile) { Opening = [("USDT", 5_000m)] };
        return new RunAccounts(new Ledger("USDT", [desk]), new InvariantTally(), [], Latency.None, _ => 0);
    }
}
