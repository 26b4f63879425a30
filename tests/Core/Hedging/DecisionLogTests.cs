using System.Collections.Generic;
using CrossHedgeLean.Hedging;
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

        var expected = System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.That(log.Hash, Is.EqualTo(expected));
        Assert.That(log.Count, Is.EqualTo(2));
    }

    private static string HashOf(decimal primary)
    {
        using var log = new DecisionLog();
        log.Append(HedgeDecision.Decide(State(Group(), primary)), DecisionCause.Slice);
        return log.Hash;
    }
}
