using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Scenarios.ScenarioSamples;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>Scenario files: what they mean, and every error at once.</summary>
[TestFixture]
public sealed class ScenarioReaderTests
{
    [Test]
    public void ReadsNamePegAndEventsInTheirOrder()
    {
        var scenario = Read("""
            {"$schema": "scenario.schema.json", "version": 1, "name": "two", "about": "text", "acceptPeg": true, "drill": {"anything": [1, {"a": 1, "a": 2}]},
             "events": [
              {"kind": "outage", "venue": "bybit", "capabilities": ["trade", "withdraw"], "at": "2024-01-01T08:00:00Z", "until": "+1.02:30:00"},
              {"kind": "latency", "venue": "binance", "delay": "00:00:00.123", "at": "+00:00:00.5"}]}
            """);

        Assert.That((scenario.Name, scenario.AcceptsPeg), Is.EqualTo(("two", true)));
        Assert.That(scenario.Events[0].At, Is.EqualTo(ScenarioTime.Of(Start.AddHours(8))));
        Assert.That(scenario.Events[0].At.Utc!.Value.Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(scenario.Events[0].Until, Is.EqualTo(ScenarioTime.After(new TimeSpan(1, 2, 30, 0))));
        Assert.That(scenario.Events[0].Capabilities, Is.EqualTo(new[] { Capability.Trade, Capability.Withdraw }));
        Assert.That(scenario.Events[1].At, Is.EqualTo(ScenarioTime.After(TimeSpan.FromMilliseconds(500))));
        Assert.That(scenario.Events[1].Delay, Is.EqualTo(TimeSpan.FromMilliseconds(123)));
    }

    [Test]
    public void AnEmptyScenarioIsOne() => Assert.That(Read(File()).Events, Is.Empty);

    [TestCase("", "test.json is no JSON: line 1, position 1:")]
    [TestCase("{\n  \"version\": 1,\n  oops", "test.json is no JSON: line 3, position 3:")]
    [TestCase("[]", "test.json is no JSON object: write {")]
    [TestCase("""{"version": 1, "name": "\ud800", "events": []}""", "test.json holds half a character")]
    [TestCase("""{"name": "a", "events": []}""", "test.json: version is missing: write \"version\": 1.")]
    [TestCase("""{"version": "1", "name": "a", "events": []}""", "test.json: version \"1\" is no whole number from 1 on: write \"version\": 1.")]
    [TestCase("""{"version": 0, "name": "a", "events": []}""", "test.json: version 0 is no whole number from 1 on")]
    [TestCase("""{"version": 1.5, "name": "a", "events": []}""", "test.json: version 1.5 is no whole number from 1 on")]
    [TestCase("""{"version": 1, "events": []}""", "test.json: name is missing: give the scenario a name.")]
    [TestCase("""{"version": 1, "name": 5, "events": []}""", "test.json: name 5 is no text with something in it: write a name in quotes.")]
    [TestCase("""{"version": 1, "name": " ", "events": []}""", "test.json: name \" \" is no text with something in it")]
    [TestCase("""{"version": 1, "name": "a", "about": 5, "events": []}""", "test.json: about 5 is no text: write it in quotes.")]
    [TestCase("""{"version": 1, "name": "a", "acceptPeg": "true", "events": []}""", "test.json: acceptPeg \"true\" is neither true nor false: write one of them, without quotes.")]
    [TestCase("""{"version": 1, "name": "a"}""", "test.json: events are missing: write \"events\"")]
    [TestCase("""{"version": 1, "name": "a", "events": {}}""", "test.json: events are no list: write \"events\"")]
    [TestCase("""{"version": 1, "name": "a", "events": [], "event": []}""", "test.json: field 'event' is unknown: use version, name, about, acceptPeg, events, drill, $schema.")]
    [TestCase("""{"version": 1, "name": "a", "name": "b", "events": []}""", "test.json: 'name' stands there 2 times: keep one.")]
    [TestCase("""{"version": 1, "name": "a", "events": [5]}""", "test.json, event 1: 5 is no object: write {")]
    public void AFileThatIsWrongSaysWhere(string json, string error)
    {
        var (scenario, errors) = ScenarioReader.Read("test.json", json);

        Assert.That(scenario, Is.Null);
        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith(error));
    }

    [Test]
    public void OfANewerFileNothingElseIsJudged()
        => Assert.That(
            ScenarioReader.Read("test.json", """{"version": 2, "scenes": 5}""").Errors,
            Is.EqualTo(new[] { "test.json: version 2 is newer than 1, the newest that is understood: update CrossHedgeLean, or write the file in version 1." }));

    private const string Known =
        "outage, slow, latency, stale-book, wrong-side-recovery, reject-storm, withdrawal-freeze, insolvency, transfer-stuck, transfer-failed, transfer-lost, forced-liquidation, auto-deleveraging, depeg, funding-spike, funding-interval, delisting.";

    private const string Instant = "is no time: write an instant as \"2024-01-01T08:00:00Z\", or a time after the start as \"+1.08:00:00\".";

    [TestCase("""{"at": "+01:00:00"}""", "kind is missing: use " + Known)]
    [TestCase("""{"kind": "quake", "at": "+01:00:00"}""", "kind \"quake\" is unknown: use " + Known)]
    [TestCase("""{"kind": 5, "at": "+01:00:00"}""", "kind 5 is unknown: use " + Known)]
    [TestCase("""{"kind": "outage", "venue": "bybit"}""", "(outage): at is missing: this kind needs at, venue.")]
    [TestCase("""{"kind": "outage", "at": "+01:00:00"}""", "(outage): venue is missing: this kind needs at, venue.")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "size": 1, "at": "+01:00:00"}""", "(outage): field 'size' is not one of this kind: it takes kind, at, until, venue, capabilities.")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "Until": "+02:00:00", "at": "+01:00:00"}""", "(outage): field 'Until' is not one of this kind")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "venue": "binance", "at": "+01:00:00"}""", "(outage): 'venue' stands there 2 times: keep one.")]
    [TestCase("""{"kind": "outage", "venue": 5, "at": "+01:00:00"}""", "(outage): venue 5 is no text with something in it: write a name in quotes.")]
    [TestCase("""{"kind": "outage", "venue": "", "at": "+01:00:00"}""", "(outage): venue \"\" is no text with something in it")]
    [TestCase("""{"kind": "transfer-stuck", "to": null, "at": "+01:00:00"}""", "(transfer-stuck): to null is no text with something in it")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": 5}""", "(outage): at 5 " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "08:00Z"}""", "(outage): at \"08:00Z\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "2024-01-01T08:00:00"}""", "(outage): at \"2024-01-01T08:00:00\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "2024-01-01T08:00:00+01:00"}""", "(outage): at \"2024-01-01T08:00:00+01:00\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "2024-02-30T08:00:00Z"}""", "(outage): at \"2024-02-30T08:00:00Z\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "+6"}""", "(outage): at \"+6\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "+24:00:00"}""", "(outage): at \"+24:00:00\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "+-01:00:00"}""", "(outage): at \"+-01:00:00\" " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "at": "+01:00:00", "until": null}""", "(outage): until null " + Instant)]
    [TestCase("""{"kind": "outage", "venue": "bybit", "capabilities": [], "at": "+01:00:00"}""", "(outage): capabilities [] is no list with something in it: use trade, cancel, data, withdraw, or leave it out for all of them.")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "capabilities": "trade", "at": "+01:00:00"}""", "(outage): capabilities \"trade\" is no list")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "capabilities": ["submit"], "at": "+01:00:00"}""", "(outage): capability \"submit\" is unknown or comes twice: use trade, cancel, data, withdraw, each once")]
    [TestCase("""{"kind": "outage", "venue": "bybit", "capabilities": ["trade", "trade"], "at": "+01:00:00"}""", "(outage): capability \"trade\" is unknown or comes twice")]
    [TestCase("""{"kind": "slow", "venue": "bybit", "delay": 30, "at": "+01:00:00"}""", "(slow): delay 30 is no time: write it as \"00:00:30\", or a day as \"1.00:00:00\".")]
    [TestCase("""{"kind": "slow", "venue": "bybit", "delay": "30", "at": "+01:00:00"}""", "(slow): delay \"30\" is no time")]
    [TestCase("""{"kind": "slow", "venue": "bybit", "delay": "00:00:00", "at": "+01:00:00"}""", "(slow): delay 00:00:00 is not positive and at most a day: write it as 00:00:30.")]
    [TestCase("""{"kind": "slow", "venue": "bybit", "delay": "1.00:00:01", "at": "+01:00:00"}""", "(slow): delay 1.00:00:01 is not positive and at most a day")]
    [TestCase("""{"kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "05:00:00", "at": "+01:00:00"}""", "(funding-interval): a funding interval of 05:00:00 is not a whole number of hours that divides a day")]
    [TestCase("""{"kind": "delisting", "instrument": "BTCUSDT", "at": "+01:00:00", "until": "+02:00:00"}""", "(delisting): instrument \"BTCUSDT\" is not market:kind:ticker, as in binance:perpetual:BTCUSDT.")]
    [TestCase("""{"kind": "reject-storm", "venue": "bybit", "size": "0.5", "at": "+01:00:00"}""", "(reject-storm): size \"0.5\" is no number: write it without quotes, as in 0.5.")]
    [TestCase("""{"kind": "reject-storm", "venue": "bybit", "size": 1e400, "at": "+01:00:00"}""", "(reject-storm): size 1e400 is no number")]
    [TestCase("""{"kind": "reject-storm", "venue": "bybit", "size": 0, "at": "+01:00:00"}""", "(reject-storm): size 0 is not in 0.000001 to 1: it is the share of orders that is refused.")]
    [TestCase("""{"kind": "reject-storm", "venue": "bybit", "size": 1.01, "at": "+01:00:00"}""", "(reject-storm): size 1.01 is not in")]
    [TestCase("""{"kind": "insolvency", "venue": "bybit", "size": -0.1, "at": "+01:00:00"}""", "(insolvency): size -0.1 is not in 0 to 1: it is the share of the money that is left.")]
    [TestCase("""{"kind": "wrong-side-recovery", "venue": "bybit", "size": -1, "at": "+01:00:00"}""", "(wrong-side-recovery): size -1 is not in")]
    [TestCase("""{"kind": "depeg", "currency": "USDC", "size": -0.1, "at": "+01:00:00"}""", "(depeg): size -0.1 is not in")]
    [TestCase("""{"kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": 1.5, "at": "+01:00:00"}""", "(funding-spike): size 1.5 is not in")]
    [TestCase("""{"kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 1, "price": 0, "at": "+01:00:00"}""", "(forced-liquidation): price 0 is not positive; leave it out for the mark.")]
    public void AnEventThatIsWrongSaysItsFieldValueAndRemedy(string json, string error)
    {
        var (scenario, errors) = ScenarioReader.Read("test.json", File(Events[0].Json, json));

        Assert.That(scenario, Is.Null);
        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith("test.json, event 2").And.Contain(error));
    }

    [Test]
    public void EveryErrorIsToldAtOnce()
    {
        var (_, errors) = ScenarioReader.Read("test.json", """
            {"version": 1, "about": 5, "extra": 1, "events": [
              {"kind": "quake"},
              {"kind": "insolvency", "venue": "bybit", "size": 2, "at": "now", "until": "+01:00:00"},
              {"kind": "slow", "venue": 5, "delay": "00:00:30", "at": "+01:00:00"}]}
            """);

        Assert.That(errors.Select(error => error.Split(": ")[0]), Is.EqualTo(new[]
        {
            "test.json", "test.json", "test.json", "test.json, event 1",
            "test.json, event 2 (insolvency)", "test.json, event 2 (insolvency)", "test.json, event 2 (insolvency)", "test.json, event 3 (slow)",
        }));
    }

    private static IEnumerable<string> Kinds => ScenarioKinds.Names;

    /// <summary>The table decides alone: a field that a kind needs cannot be left out, one that it takes can, another is refused.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void AKindTakesTheFieldsOfTheTableAndNoOther(string kind)
    {
        var rules = ScenarioKinds.All.Single(rules => rules.Name == kind);
        foreach (var field in Enum.GetValues<ScenarioFields>().Where(field => field != ScenarioFields.None))
        {
            var fields = rules.Needs ^ field;
            var isRead = ScenarioReader.Read("test.json", File(EventOf(kind, fields))).Value is not null;
            Assert.That(isRead, Is.EqualTo(!rules.Needs.HasFlag(field) && rules.Takes.HasFlag(field)), $"{kind} {(rules.Needs.HasFlag(field) ? "without" : "with")} {field}");
        }

        Assert.That(ScenarioReader.Read("test.json", File(EventOf(kind, rules.Needs))).Errors, Is.Empty);
    }

    /// <summary>Whatever is cut out of a file, doubled or put in its place: errors, never an exception.</summary>
    [Test]
    public void NoTextThrows()
    {
        var whole = File(Events.Select(sample => sample.Json).ToArray());
        string[] pieces = ["", "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e999", "\\", "\\ud800", "\ud800", "+", "Z", "true", "9999999999999999999999999999999", "\u0000"];
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.Int[0, pieces.Length - 1]).Sample((from, length, piece) =>
        {
            var text = whole.Remove(from, Math.Min(length, whole.Length - from)).Insert(from, pieces[piece]);
            var (scenario, errors) = ScenarioReader.Read("test.json", text);
            return (scenario is null) == (errors.Count > 0);
        }, iter: Iterations.Of(3_000));
    }

    private static string EventOf(string kind, ScenarioFields fields)
    {
        var values = new Dictionary<ScenarioFields, string>
        {
            [ScenarioFields.Until] = "\"+02:00:00\"",
            [ScenarioFields.Venue] = "\"bybit\"",
            [ScenarioFields.To] = "\"binance\"",
            [ScenarioFields.Instrument] = "\"bybit:perpetual:BTCUSDT\"",
            [ScenarioFields.Currency] = "\"USDC\"",
            [ScenarioFields.Capabilities] = "[\"trade\"]",
            [ScenarioFields.Size] = "0.1",
            [ScenarioFields.Price] = "100",
            [ScenarioFields.Delay] = "\"01:00:00\"",
        };
        var given = values.Where(entry => fields.HasFlag(entry.Key)).Select(entry => $"\"{entry.Key.ToString().ToLowerInvariant()}\": {entry.Value}");
        return $"{{\"kind\": \"{kind}\", \"at\": \"+01:00:00\"{string.Concat(given.Select(field => ", " + field))}}}";
    }
}
