using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class InstrumentTests
{
    private static readonly Instrument Rules = new(Id("bybit:perpetual:1000PEPEUSDT"), "PEPE", "USDT", 1_000m, 0.5m, 2m, 10m);

    [TestCase("1.7", "1.5")]
    [TestCase("-1.7", "-1.5")]
    [TestCase("0.49", "0")]
    [TestCase("2.5", "2.5")]
    public void AQuantityIsRoundedTowardZeroToTheLot(string quantity, string rounded)
        => Assert.That(Rules.RoundTowardZero(Amount(quantity)), Is.EqualTo(Amount(rounded)));

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
