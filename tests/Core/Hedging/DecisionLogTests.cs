using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class DecisionLogTests
{
    [Test]
    public void ALineSaysWhatWasSeenAndDoneWithoutTrailingZeros()
    {
        var lines = new List<string>();
        var log = new DecisionLog { Sink = lines.Add };

        log.Append(HedgeDecision.Decide(State(Group(), 1.50000m, Leg(BybitPerpetual, held: -0.500m, price: 17_000.0m))), DecisionCause.OrderEvent);

        Assert.That(
            lines,
            Is.EqualTo(new[] { "2022-12-13T12:00:00.000Z,BTC,order,Idle,1.5/0/0/17000,-0.5/0/0/17000,1,0,None,send -1 at bybit:perpetual:BTCUSDT" }));
        Assert.That(lines[0].Split(','), Has.Length.EqualTo(DecisionLog.Header.Split(',').Length));
    }

    [Test]
    public void ALineNamesEveryActionInItsOrder()
    {
        var flattening = State(Group(), Leg(BinanceSpot, 1m, buying: 0.5m), Leg(BybitPerpetual, held: -1m));
        flattening.IsFlattening = true;
        var @short = State(Group() with { Primary = BinancePerpetual }, Leg(BinancePerpetual, -1m, selling: -0.5m), Leg(BybitPerpetual, held: 1m));
        @short.IsFlattening = true;
        var maker = State(Group() with { IsMakerFirst = true }, 0.5m, Leg(BybitPerpetual) with { Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m) });
        var surplus = State(Group(hedges: [BybitPerpetual, BinancePerpetual]), 0m, Leg(BybitPerpetual, buying: 0.5m), Leg(BinancePerpetual, selling: -0.5m));

        Assert.That(ActionsOf(flattening), Is.EqualTo("cancel buys at binance:spot:BTCBUSD reduce -1 at binance:spot:BTCBUSD send 1 at bybit:perpetual:BTCUSDT"));
        Assert.That(ActionsOf(@short), Is.EqualTo("cancel sells at binance:perpetual:BTCUSDT reduce 1 at binance:perpetual:BTCUSDT send -1 at bybit:perpetual:BTCUSDT"));
        Assert.That(ActionsOf(maker), Is.EqualTo("send -0.5 limit 17010 at bybit:perpetual:BTCUSDT"));
        Assert.That(ActionsOf(surplus), Is.EqualTo("cancel buys at bybit:perpetual:BTCUSDT cancel sells at binance:perpetual:BTCUSDT"));
    }

    [Test]
    public void ALineSaysWhyALegHasNoPrice()
    {
        LegState[] legs =
        [
            Leg(BybitPerpetual, buying: 0.5m) with { UnknownBuy = 0.5m },
            Leg(BinancePerpetual) with { Health = HealthState.Down },
            Leg(BybitPerpetual, backoff: true),
            Leg(BinancePerpetual, price: null),
        ];
        var state = State(Group(hedges: [BybitPerpetual, BinancePerpetual, BybitPerpetual, BinancePerpetual]), Leg(BinanceSpot, 1m) with { Health = HealthState.Degraded }, legs);

        var columns = LineOf(state).Split(',');
        Assert.That(columns[2], Is.EqualTo("slice"));
        Assert.That(columns[4], Is.EqualTo("1/0/0/degraded"));
        Assert.That(columns[5], Is.EqualTo("0/0.5/0/unknown 0/0/0/down 0/0/0/backoff 0/0/0/stale"));
    }

    [Test]
    public void EveryLineIsOfItsOwnDecisionHoweverLong()
    {
        var lines = new List<string>();
        using var log = new DecisionLog { Sink = lines.Add };
        var name = new string('\u20BF', 600);
        log.Append(HedgeDecision.Decide(State(Group(), 1m)), DecisionCause.Slice);
        log.Append(HedgeDecision.Decide(State(new HedgeGroup(name, BinanceSpot, [BybitPerpetual], 1m, 0m), 1m)), DecisionCause.Slice);
        log.Append(HedgeDecision.Decide(State(Group(), 1m)), DecisionCause.Slice);

        Assert.That(lines, Is.EqualTo(new[] { lines[0], lines[0].Replace(",BTC,", $",{name},", StringComparison.Ordinal), lines[0] }));
        var text = string.Concat(lines.ConvertAll(line => line + "\n"));
        Assert.That(log.Hash, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))));
    }

    [Test]
    public void EqualDecisionsHaveEqualHashesAndADifferenceShows()
    {
        Assert.That(HashOf(1.5m), Is.EqualTo(HashOf(1.500m)));
        Assert.That(HashOf(1.5m), Is.Not.EqualTo(HashOf(1.501m)));
    }

    [Test]
    public void TheHashIsOfTheLines()
    {
        var text = "";
        var log = new DecisionLog { Sink = line => text += line + "\n" };
        log.Append(HedgeDecision.Decide(State(Group(), 1m)), DecisionCause.Slice);
        log.Append(HedgeDecision.Decide(State(Group(), 2m)), DecisionCause.Slice);

        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.That(log.Hash, Is.EqualTo(expected));
        Assert.That(log.Count, Is.EqualTo(2));
    }

    [TestCase(0, "12:00:00.000")]
    [TestCase(7, "12:00:00.007")]
    [TestCase(59_123.9, "12:00:59.123")]
    public void ALineBeginsWithItsTimeToTheMillisecond(double milliseconds, string expected)
    {
        var state = State(Group(), 1m);
        state.TimeUtc = Noon.AddMilliseconds(milliseconds);

        Assert.That(LineOf(state), Does.StartWith($"2022-12-13T{expected}Z,BTC,"));
    }

    private static string LineOf(GroupState state)
    {
        var lines = new List<string>();
        using var log = new DecisionLog { Sink = lines.Add };
        log.Append(HedgeDecision.Decide(state), DecisionCause.Slice);
        return lines[0];
    }

    private static string ActionsOf(GroupState state) => LineOf(state).Split(',')[^1];

    private static string HashOf(decimal primary)
    {
        using var log = new DecisionLog();
        log.Append(HedgeDecision.Decide(State(Group(), primary)), DecisionCause.Slice);
        return log.Hash;
    }
}
