using System;
using System.Text;
using CrossHedgeLean.Checks;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class RowCheckTests
{
    private const string GoodTrade = "0,10,12,9,11,1.5";
    private const string GoodQuote = "0,10,12,9,11,1,10,12.5,9.5,11.5,2";

    [TestCase("60000,10,12,9,11,1.5")]
    [TestCase("60000,10,10,10,10,0")]
    [TestCase("60000,0.00000812,0.0000090000000000001,0.000008,0.00000812,123456789012345678")]
    [TestCase("60000,1e1,12,9,11,1.5", Description = "an exponent is a number, if an odd one")]
    public void GoodTradesPass(string row) => Assert.That(Trades($"{GoodTrade}\n{row}\n"), Is.Null);

    [TestCase("60000,10,12,9,11,1,10,12.5,9.5,11.5,2")]
    [TestCase("60000,,,,,,10,12.5,9.5,11.5,2", Description = "only an ask")]
    [TestCase("60000,10,12,9,11,1,,,,,", Description = "only a bid")]
    public void GoodQuotesPass(string row) => Assert.That(Quotes($"{GoodQuote}\r\n{row}\r\n"), Is.Null);

    [TestCase("60000,10,12,9,11", "5 columns instead of 6")]
    [TestCase("60000,10,12,9,11,1,1", "7 columns instead of 6")]
    [TestCase("", "1 columns instead of 6")]
    [TestCase("60000,10,12,,11,1", "low '' is not a number")]
    [TestCase("60000,10,12,nine,11,1", "low 'nine' is not a number")]
    [TestCase("60000,1.0.0,12,9,11,1", "open '1.0.0' is not a number")]
    [TestCase("60000,10,NaN,9,11,1", "high 'NaN' is not a number")]
    [TestCase("0,10,12,9,11,1", "time 0 is not after 0")]
    [TestCase("-1,10,12,9,11,1", "time -1 is not a number of milliseconds within the day")]
    [TestCase("86400000,10,12,9,11,1", "time 86400000 is not a number of milliseconds within the day")]
    [TestCase("60000.5,10,12,9,11,1", "time 60000.5 is not")]
    [TestCase("60000,0,12,0,11,1", "price is not positive")]
    [TestCase("60000,10,12,10.5,11,1", "low 10.5 is above its open or close")]
    [TestCase("60000,10,10.5,9,11,1", "high 10.5 is below its open or close")]
    [TestCase("60000,10,12,9,11,-1", "volume -1 is negative")]
    public void BadTradesAreNamed(string row, string problem)
    {
        var found = Trades($"{GoodTrade}\n{row}\n120000,10,12,9,11,1\n");
        Assert.That(found, Is.Not.Null);
        Assert.That(found!.Line, Is.EqualTo(2));
        Assert.That(found.Problem, Does.Contain(problem));
        Assert.That(found.Text, Is.EqualTo(row));
    }

    [TestCase("60000,10,12,9,11,1,9.9,12.5,9.5,11.5,2", "bid open 10 is above ask open 9.9")]
    [TestCase("60000,10,12,9,11,1,10,12.5,9.5,10.9,2", "bid close 11 is above ask close 10.9")]
    [TestCase("60000,10,12,,11,1,10,12.5,9.5,11.5,2", "empty columns")]
    [TestCase("60000,,,,,,,,,,", "empty columns")]
    [TestCase("60000,10,12,9,11,1,10,12.5,11,11.5,2", "ask low 11 is above its open or close")]
    [TestCase("60000,10,12,9,11,-1,10,12.5,9.5,11.5,2", "bid size -1 is negative")]
    public void BadQuotesAreNamed(string row, string problem)
    {
        var found = Quotes($"{GoodQuote}\n{row}");
        Assert.That(found, Is.Not.Null);
        Assert.That(found!.Line, Is.EqualTo(2));
        Assert.That(found.Problem, Does.Contain(problem));
    }

    [TestCase("20250101 08:00:00", "has not two columns")]
    [TestCase("2025-01-01,0.0001", "its time is not yyyyMMdd HH:mm:ss")]
    [TestCase("20250101 00:00:00,0.0001", "its time is not after that of the row before")]
    [TestCase("20250101 08:00:00,much", "its rate is not a number")]
    public void BadFundingIsNamed(string row, string problem)
    {
        var content = Encoding.UTF8.GetBytes($"20250101 00:00:00,-0.0001\n{row}\n");
        var day = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var found = RowCheck.Funding(content, day, day.AddDays(1), out _);
        Assert.That(found, Is.Not.Null);
        Assert.That(found!.Line, Is.EqualTo(2));
        Assert.That(found.Problem, Is.EqualTo(problem));
    }

    private static RowProblem? Trades(string content) => RowCheck.Trades(Encoding.UTF8.GetBytes(content), out _);

    private static RowProblem? Quotes(string content) => RowCheck.Quotes(Encoding.UTF8.GetBytes(content), out _);
}
