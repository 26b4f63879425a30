using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class RouteTests
{
    [TestCase("binance:spot", "binance:spot")]
    [TestCase(" Bybit:Perpetual ", "bybit:perpetual")]
    [TestCase("bybit:inverse", "bybit:inverse")]
    public void ReadsWhatItWrites(string text, string expected)
    {
        Assert.That(Route.TryParse(text, out var route), Is.True);
        Assert.That(route.ToString(), Is.EqualTo(expected));
    }

    [TestCase("binance")]
    [TestCase("binance:option")]
    [TestCase(":spot")]
    [TestCase("binance:spot:BTCUSDT")]
    public void RefusesAnotherForm(string text) => Assert.That(Route.TryParse(text, out _), Is.False);

    [TestCase("binance:spot:btcusdt", "binance:spot:BTCUSDT")]
    public void InstrumentsReadWhatTheyWrite(string text, string expected)
    {
        Assert.That(InstrumentId.TryParse(text, out var id), Is.True);
        Assert.That(id.ToString(), Is.EqualTo(expected));
    }

    [TestCase("binance:spot")]
    [TestCase("binance:spot:")]
    [TestCase("BTCUSDT")]
    public void InstrumentsRefuseAnotherForm(string text) => Assert.That(InstrumentId.TryParse(text, out _), Is.False);
}
