using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CsCheck;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

[TestFixture]
public sealed class RunSeriesTests
{
    private const string Storm = """{ "version": 1, "name": "test", "events": [ { "kind": "reject-storm", "venue": "bybit", "size": 1, "at": "+06:00:00", "until": "+06:20:00" } ] }""";

    private static readonly IReadOnlyDictionary<string, string> Parameters = EngineRuns.With(("latency", "00:00:01"), ("scenario", Storm));

    private readonly List<SeriesRow> _rows = [];
    private readonly List<(DateTime TimeUtc, string Group, decimal Residual, decimal Tolerance)> _residuals = [];
    private readonly List<(DateTime TimeUtc, string Account, decimal Equity, decimal InitialMargin, decimal MaintenanceMargin, decimal? Distance)> _accounts = [];
    private RunSummary _summary = null!;

    /// <summary>Two days of churn with a venue that refuses all for twenty minutes: every kind of row comes up.</summary>
    [OneTimeSetUp]
    public void RunOnce()
    {
        EngineRuns.OnlyOnLeanSim();
        var (outcome, algorithm) = EngineRuns.Run(
            () =>
            {
                var sample = new CrossHedgeAlgorithm { Series = new RunSeries(_rows.Add) };
                sample.Recorder.Sinks = new RunSinks { Residuals = line => Add(_residuals, line, ResidualLine.Header, ResidualLine.Read), Accounts = line => Add(_accounts, line, AccountLine.Header, AccountLine.Read) };
                return sample;
            },
            Parameters);
        Assert.That(outcome.Error, Is.Null);
        _summary = algorithm.Recorder.Summarize();
    }

    [Test]
    public void ARunThatIsTakenDownIsTheSameRun()
    {
        var (plain, _) = EngineRuns.RunSample(Parameters);

        Assert.That(_summary.DecisionLogHash, Is.EqualTo(plain.DecisionLogHash));
        Assert.That(_summary.Profit, Is.EqualTo(plain.Profit), "to the last digit");
        Assert.That(_summary.EquityEnd, Is.EqualTo(plain.EquityEnd));
    }

    [Test]
    public void NakedIntervalsAreExactlyTheStepsOutsideTheBand()
    {
        var naked = Rows<NakedRow>();

        Assert.That(naked.Sum(row => row.Steps), Is.EqualTo(_summary.Residual.StepsOutsideBand).And.Positive);
        Assert.That(naked.Sum(row => ((row.UntilUtc ?? row.FromUtc) - row.FromUtc).Ticks), Is.EqualTo(_summary.Residual.TimeOutsideBand.Ticks));
        foreach (var row in naked)
        {
            var inside = _residuals.Where(line => line.Group == row.Group && line.TimeUtc >= row.FromUtc && !(line.TimeUtc >= row.UntilUtc)).ToList();
            Assert.That(inside, Has.Count.EqualTo(row.Steps), row.Line());
            Assert.That(inside[0].TimeUtc, Is.EqualTo(row.FromUtc));
            Assert.That(inside.Max(line => Math.Abs(line.Residual)), Is.EqualTo(Math.Abs(row.Worst)));
        }
    }

    [Test]
    public void AnIntervalChangesItsReasonWithoutAGapAndHasAnotherNumberAfterABreak()
    {
        foreach (var (before, after) in Rows<NakedRow>().Zip(Rows<NakedRow>().Skip(1)))
        {
            Assert.That(after.Interval, Is.EqualTo(after.FromUtc == before.UntilUtc ? before.Interval : before.Interval + 1), after.Line());
            Assert.That(after.Interval != before.Interval || after.Reason != before.Reason, after.Line());
        }

        Assert.That(Rows<NakedRow>().Select(row => row.Reason), Does.Contain(UnhedgedReason.None).And.Contain(UnhedgedReason.Backoff));
    }

    [Test]
    public void NoExtremeIsLost()
    {
        Assert.That(Rows<GroupRow>().Max(row => Math.Max(row.Highest, -row.Lowest)), Is.EqualTo(_summary.Residual.Max));
        foreach (var account in _summary.Accounts)
        {
            var rows = Rows<AccountExtremesRow>().Where(row => row.Account == account.Account).ToList();
            Assert.That(rows.Max(row => row.HighestInitialMargin), Is.EqualTo(account.MaxInitialMargin));
            Assert.That(rows.Min(row => row.LowestDistance), Is.EqualTo(account.Worst?.Distance));
            foreach (var line in _accounts.Where(line => line.Account == account.Account))
            {
                var row = rows.Single(row => row.FromUtc <= line.TimeUtc && line.TimeUtc <= row.UntilUtc);
                Assert.That(line.Equity, Is.InRange(row.LowestEquity, row.HighestEquity));
            }
        }
    }

    [Test]
    public void ProfitIsTakenDownAboutOnceAnHourAndEndsAsTheResultDoes()
    {
        foreach (var account in _summary.Accounts)
        {
            var rows = Rows<ProfitRow>().Where(row => row.Account == account.Account).ToList();
            Assert.That(rows[^1].Profit, Is.EqualTo(account.Profit));
            Assert.That(rows.Select(row => row.TimeUtc), Is.Unique);
            Assert.That(rows.Zip(rows.Skip(1)).Max(pair => pair.Second.TimeUtc - pair.First.TimeUtc), Is.LessThanOrEqualTo(TimeSpan.FromHours(2)));
        }
    }

    [Test]
    public void FundingAndLossesAreThoseOfTheResult()
    {
        Assert.That(Rows<FundingRow>().Sum(row => row.Amount), Is.EqualTo(_summary.Funding).And.Not.Zero);
        foreach (var loss in _summary.Losses)
        {
            var rows = Rows<LossRow>().Where(row => row.Venue == loss.Market).ToList();
            Assert.That(rows[^1].Loss, Is.EqualTo(loss.Now));
            Assert.That(rows.Max(row => row.Highest), Is.EqualTo(loss.Worst));
        }
    }

    [Test]
    public void BasisIsTheLegsPriceAgainstThePrimarys()
    {
        var last = Rows<BasisRow>()[^1];
        var marks = _summary.Venues.ToDictionary(venue => venue.Venue, venue => venue.Positions[0].MarkPrice);

        Assert.That((last.PrimaryPrice, last.LegPrice), Is.EqualTo((marks["binance:spot"], marks["bybit:perpetual"])));
        Assert.That(Rows<BasisRow>(), Has.All.Matches<BasisRow>(row => row.Lowest <= row.Basis && row.Basis <= row.Highest));
        Assert.That(Rows<LeadLagRow>(), Has.Count.EqualTo((2 * LeadLag.MostLag) + 1));
        Assert.That(Rows<LeadLagRow>().Single(row => row.Lag == 0).Correlation, Is.GreaterThan(0.5m));
    }

    [Test]
    public void EveryRowIsReadAsItWasWritten()
    {
        Assert.That(_rows.Select(row => row.File).Distinct(), Is.EquivalentTo(SeriesRow.Files));
        foreach (var row in _rows)
        {
            Assert.That(SeriesRow.Read(row.File, row.Line()), Is.EqualTo(row));
        }

        Gen.Select(Gen.Decimal, Gen.Decimal, Gen.Long[0, long.MaxValue / 20_000_000_000_000L], Gen.Bool).Sample((value, other, minutes, isOpen) =>
        {
            var time = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minutes);
            SeriesRow[] rows =
            [
                new NakedRow(7, "BTC", time, isOpen ? null : time.AddSeconds(1), UnhedgedReason.Backoff, value, other, 3, isOpen ? null : other),
                new ProfitRow(time, "desk", new ProfitSplit { Directional = value, WriteOff = other }),
                new AccountExtremesRow(time, time, "desk", value, other, value, isOpen ? null : other),
                new LeadLagRow("BTC", "bybit:perpetual:BTCUSDT", 60, -3, 5, isOpen ? null : value),
            ];
            return Array.TrueForAll(rows, row => SeriesRow.Read(row.File, row.Line()).Equals(row));
        });
    }

    [TestCase("naked.csv", "1,BTC,2025-01-01T00:06:00.000Z")]
    [TestCase("naked.csv", "1,BTC,2025-01-01T00:06:00.000Z,,Boredom,1,1,1,")]
    [TestCase("losses.csv", "2025-01-01,bybit,1,1")]
    [TestCase("losses.csv", "2025-01-01T00:06:00.000Z,bybit,one,1")]
    public void ALineThatIsNoneIsRefused(string file, string line) => Assert.That(() => SeriesRow.Read(file, line), Throws.TypeOf<FormatException>());

    private static void Add<T>(List<T> lines, string line, string header, Func<string, T> read)
    {
        if (line != header)
        {
            lines.Add(read(line));
        }
    }

    private List<T> Rows<T>() => _rows.OfType<T>().ToList();
}
