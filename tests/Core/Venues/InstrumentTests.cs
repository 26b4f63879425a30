using System;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class InstrumentTests
{
    private static readonly decimal[] LotSizes = [1m, 0.1m, 0.001m, 0.00000001m, 0.5m, 0.02m, 0.10m, 10m, 1.0m];

    private static readonly Gen<int> Word = Gen.OneOf(Gen.Const(0), Gen.Int);

    private static readonly Instrument Rules = new(Id("bybit:perpetual:1000PEPEUSDT"), "PEPE", "USDT", 1_000m, 0.5m, 2m, 10m);

    [TestCase("1.7", "1.5")]
    [TestCase("-1.7", "-1.5")]
    [TestCase("0.49", "0")]
    [TestCase("2.5", "2.5")]
    public void AQuantityIsRoundedTowardZeroToTheLot(string quantity, string rounded)
        => Assert.That(Rules.RoundTowardZero(Amount(quantity)), Is.EqualTo(Amount(rounded)));

    [Test]
    public void CuttingDigitsOffGivesWhatDividingByTheLotDoes()
        => Gen.Select(Gen.Int, Word, Word, Gen.Bool, Gen.Int[0, 28], Gen.Int[0, LotSizes.Length - 1]).Sample(
            (low, middle, high, isNegative, scale, index) =>
            {
                var lot = LotSizes[index];
                var quantity = new decimal(low, middle, high, isNegative, (byte)scale);
                if (Math.Abs(quantity) < 1_000_000_000_000m)
                {
                    var (rounded, divided) = ((Rules with { LotSize = lot }).RoundTowardZero(quantity), decimal.Truncate(quantity / lot) * lot);
                    Assert.That((rounded, rounded.Scale), Is.EqualTo((divided, divided.Scale)), "with as many decimals, which order events show");
                }
            },
            iter: Iterations.Of(10_000));

    [TestCase("2", "6", true, TestName = "{m}: the minimum quantity itself")]
    [TestCase("-2", "6", true, TestName = "{m}: a sell as a buy")]
    [TestCase("1.5", "600", false, TestName = "{m}: below the minimum quantity")]
    [TestCase("2", "5", false, TestName = "{m}: worth exactly the minimum")]
    [TestCase("2", null, true, TestName = "{m}: without a price its value is not asked for")]
    public void AVenueTakesWhatItsRulesLet(string quantity, string? price, bool accepts)
        => Assert.That(Rules.Accepts(Amount(quantity), price is null ? null : Amount(price)), Is.EqualTo(accepts));

    [Test]
    public void NothingIsNoOrderWhateverTheRules()
    {
        var free = Rules with { MinimumQuantity = 0m, MinimumNotional = 0m };

        Assert.That((free.Accepts(0m, 5m), free.Accepts(0.5m, 0.000001m)), Is.EqualTo((false, true)));
    }

    [TestCase("0.5", "2", "10", "2", "5000", TestName = "{m}: what makes the value")]
    [TestCase("0.5", "2", "10", "100", "2000", TestName = "{m}: the minimum quantity")]
    [TestCase("3", "2", "10", "100", "3000", TestName = "{m}: the lot")]
    [TestCase("0.5", "2", "10", null, "2000", TestName = "{m}: without a price not the value")]
    [TestCase("0.5", "2", "10", "0", "2000", TestName = "{m}: nor at a price of nothing")]
    public void TheDustLimitIsTheLargestOfTheRulesInUnits(string lot, string minimum, string notional, string? price, string limit)
    {
        var rules = Rules with { LotSize = Amount(lot), MinimumQuantity = Amount(minimum), MinimumNotional = Amount(notional) };

        Assert.That(rules.DustLimit(price is null ? null : Amount(price)), Is.EqualTo(Amount(limit)));
        Assert.That(rules.LotUnits, Is.EqualTo(Amount(lot) * 1_000m));
    }

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
