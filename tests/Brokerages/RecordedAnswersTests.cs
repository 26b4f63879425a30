using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Tests.Structure;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>The list of certain refusals against answers of the venues that were recorded in public, in recorded-answers.json.</summary>
[TestFixture]
public sealed class RecordedAnswersTests
{
    private static IReadOnlyList<Answer> Answers { get; } = Read();

    private static IEnumerable<TestCaseData> EachAnswer
        => Answers.Select((answer, index) => new TestCaseData(answer).SetArgDisplayNames($"{index} {answer.Brokerage} {(answer.Certain ? "certain" : "unknown")}"));

    private static IEnumerable<TestCaseData> EachText
        => from list in new[] { DefiniteRefusals.Recorded, DefiniteRefusals.DocumentedOnly }
           from venue in list
           from text in venue.Value
           select new TestCaseData(venue.Key, text);

    [TestCaseSource(nameof(EachAnswer))]
    public void ARecordedAnswerIsAsCertainAsItWas(Answer answer)
        => Assert.That(DefiniteRefusals.Contains(answer.Brokerage, answer.Text, []), Is.EqualTo(answer.Certain), $"{answer.Text}\n{answer.Source}");

    [TestCaseSource(nameof(EachAnswer))]
    public void ARecordedAnswerHasItsSource(Answer answer)
    {
        Assert.That(answer.Source, Does.StartWith("https://"));
        Assert.That(answer.Recorded, Is.Not.Empty);
        Assert.That(answer.Told, Is.AnyOf("Invalid", "exception", "message", "none"));
    }

    [Test]
    public void EachTextIsRecordedOrMarkedAsDocumentedOnly()
    {
        Assert.Multiple(() =>
        {
            foreach (var (brokerage, texts) in DefiniteRefusals.Recorded)
            {
                Assert.That(texts.Where(text => !IsRecorded(brokerage, text)), Is.Empty, $"{brokerage}: no recorded answer");
            }

            foreach (var (brokerage, texts) in DefiniteRefusals.DocumentedOnly)
            {
                Assert.That(texts.Where(text => IsRecorded(brokerage, text)), Is.Empty, $"{brokerage}: recorded, so not documented only");
            }
        });
    }

    [Test]
    public void EachVenueHasRecordedAnswersOfBothKinds()
        => Assert.That(
            DefiniteRefusals.Recorded.Keys.Where(brokerage => Answers.Where(answer => answer.Brokerage == brokerage).DistinctBy(answer => answer.Certain).Count() < 2),
            Is.Empty);

    /// <summary>Where plugins put LEAN's ids, quantities and times next to the venue's answer.</summary>
    [TestCaseSource(nameof(EachText))]
    public void ACodeIsNoPartOfIdsTimesAndQuantities(string brokerage, string text)
    {
        var number = text.TrimStart('-');
        string[] others =
        [
            $"Order failed, Order Id: {number} timestamp: 1/20/2025 3:59:59 PM quantity: {text} content: ",
            $"{{\"orderId\":{number},\"clientOrderId\":\"{text}\",\"time\":{number},\"price\":\"{number}.5\"}}",
            $"order[{number} ae68f79f-{number}-4918-ae68-4cd4eaaf271d] timed out after {number} ms",
            $"[504] Gateway Timeout, Content: , ErrorMessage: code 9{number}",
            $"code: {text}7, retCode:x{text}, ErrorCode: {text}_7, code_{text}",
        ];

        // A name may stand anywhere, but alone.
        Assert.That(others.Skip(char.IsAsciiDigit(text[^1]) ? 0 : others.Length - 1).Where(other => DefiniteRefusals.Contains(brokerage, other, [])), Is.Empty);
    }

    [TestCaseSource(nameof(EachText))]
    public void ADuplicateIsNoRefusal(string brokerage, string text)
    {
        Assert.That(DefiniteRefusals.Contains(brokerage, $"code: {text}", []), Is.True);
        Assert.That(DefiniteRefusals.Contains(brokerage, $"code: {text}, Duplicate order sent.", []), Is.False);
        Assert.That(DefiniteRefusals.Contains(brokerage, $"code: {text}, Duplicate order sent.", ["Duplicate order sent."]), Is.True, "the configuration's word");
    }

    /// <summary>Whether a certain answer is on record that is certain by this text alone.</summary>
    private static bool IsRecorded(string brokerage, string text)
        => Answers.Any(answer => answer.Certain && answer.Brokerage == brokerage && DefiniteRefusals.Contains("", answer.Text, [text]));

    private static IReadOnlyList<Answer> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Brokerages", "recorded-answers.json")));
        return file.RootElement.GetProperty("answers").Deserialize<Answer[]>(new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    }

    /// <summary>An answer as it was recorded, and its text as the plugin words it.</summary>
    public sealed record Answer(string Brokerage, string Recorded, string Text, string Told, bool Certain, string Source);
}
