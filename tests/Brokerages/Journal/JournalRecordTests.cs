using System;
using System.Linq;
using System.Text;
using CsCheck;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;
using static CrossHedgeLean.Tests.Brokerages.Journal.Journals;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

[TestFixture]
public sealed class JournalRecordTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['à', '\u30ff'], Gen.Const('"'), Gen.Const('\\'), Gen.Const('\n')), 0, 20];

    [Test]
    public void EveryFigureComesBackExactly()
        => Gen.Select(Gen.Decimal, Gen.Decimal, Gen.DateTime, Texts, Gen.Int, Gen.Long)
            .Sample((quantity, price, time, text, order, number) =>
            {
                time = DateTime.SpecifyKind(time, DateTimeKind.Utc);
                quantity = quantity == 0m ? 1m : quantity;
                JournalRecord[] records =
                [
                    JournalRecord.Intent(time, 1, text, order, text, text, quantity, price, text),
                    JournalRecord.Execution(time, text, null, text, quantity, price, -price, text, text, number),
                    JournalRecord.Accepted(time, text, text, [text, "2"]),
                ];
                foreach (var record in records)
                {
                    var back = JournalRecord.Read(record.Write());
                    Assert.That(back with { VenueIds = null }, Is.EqualTo(record with { VenueIds = null }));
                    Assert.That(back.TimeUtc.Kind, Is.EqualTo(DateTimeKind.Utc));
                    Assert.That(back.VenueIds, Is.EqualTo(record.VenueIds));
                    Assert.That(back.ToString(), Is.EqualTo(record.ToString()));
                    Assert.That(back.Quantity?.Scale, Is.EqualTo(record.Quantity?.Scale));
                }
            });

    [Test]
    public void EveryKindCanBeWrittenAndRead()
    {
        JournalRecord[] all =
        [
            Run(1, Start),
            .. Life("a", 1, Start),
            JournalRecord.Refused(Start, Account, "a", "too small"),
            JournalRecord.Unknown(Start, Account, "a", "timed out"),
            JournalRecord.Resolved(Start, Account, "a", found: false),
            JournalRecord.CancelAsked(Start, Account, "a"),
            JournalRecord.Updated(Start, Account, "a", 2m, null),
            JournalRecord.Transfer(Start, null, Account, "USDT", 1m),
            JournalRecord.Command(Start, "halt"),
            JournalRecord.Position(Start, Account, Bitcoin, 0m),
            JournalRecord.Balance(Start, Account, "USDT", 0m),
            JournalRecord.RunEnded(Start, 1),
            JournalRecord.Doubt(Start, "why"),
            JournalRecord.Trust(Start, "so"),
            JournalRecord.Summary(Start, 1, 2, [new JournalTotal { Account = Account, Currency = "USDT", Fees = 1m }]),
        ];

        Assert.That(all.Select(record => record.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<JournalRecordKind>()));
        foreach (var record in all)
        {
            Assert.That(record.Missing(), Is.Null);
            Assert.That(JournalRecord.Read(record.Write()).ToString(), Is.EqualTo(record.ToString()));
        }
    }

    [TestCase("""{"kind":"intent","timeUtc":"2026-01-01T00:00:00Z","account":"bybit","clientId":"a"}""", "the record of kind Intent lacks its run")]
    [TestCase("""{"kind":"handedOver","timeUtc":"2026-01-01T00:00:00Z","account":"bybit"}""", "the record of kind HandedOver lacks a client order id")]
    [TestCase("""{"kind":"execution","timeUtc":"2026-01-01T00:00:00Z","account":"bybit","instrument":"x","quantity":1,"price":1,"fee":1}""", "the record of kind Execution lacks the fee's currency")]
    [TestCase("""{"kind":"command","timeUtc":"2026-01-01T00:00:00","text":"halt"}""", "the record of kind Command lacks a time in UTC")]
    [TestCase("null", "the record is null")]
    public void WhatIsMissingIsNamed(string json, string message)
        => Assert.That(() => JournalRecord.Read(Encoding.UTF8.GetBytes(json)), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));

    [TestCase("")]
    [TestCase("{")]
    [TestCase("""{"kind":"dance","timeUtc":"2026-01-01T00:00:00Z"}""")]
    [TestCase("""{"kind":3,"timeUtc":"2026-01-01T00:00:00Z"}""")]
    [TestCase("""{"kind":"command","timeUtc":"2026-01-01T00:00:00Z","text":"halt","colour":"red"}""")]
    [TestCase("""{"kind":"command"}""")]
    public void NoRecordIsSaidSo(string json)
        => Assert.That(() => JournalRecord.Read(Encoding.UTF8.GetBytes(json)), Throws.TypeOf<FormatException>());

    [Test]
    public void TheFoldTellsWhatIsKnownOfAnOrder()
    {
        var state = new JournalState();
        state.Apply(Run(3, Start));
        state.Apply(Intent("a", 1, Start, 2m, run: 3));
        Assert.That(state.Find("a"), Has.Property(nameof(OpenIntent.IsHandedOver)).False);

        state.Apply(JournalRecord.Unknown(Start.AddSeconds(1), Account, "a", "timed out"));
        Assert.That((state.Find("a")!.IsHandedOver, state.Find("a")!.IsAccepted, state.Find("a")!.Unknown), Is.EqualTo((true, false, "timed out")));

        state.Apply(JournalRecord.Accepted(Start.AddSeconds(2), Account, "a", ["v1"]));
        state.Apply(JournalRecord.Accepted(Start.AddSeconds(2), Account, "a", ["v1", "v2"]));
        var execution = JournalRecord.Execution(Start.AddSeconds(3), Account, "a", Bitcoin, 0.5m, 100m, 0m, null, "e1", 1);
        state.Apply(execution);
        state.Apply(execution);
        Assert.That(state.HasExecution(Account, Bitcoin, "e1"), Is.True);
        state.Apply(JournalRecord.Updated(Start.AddSeconds(4), Account, "a", 1.5m, 99m));
        state.Apply(JournalRecord.CancelAsked(Start.AddSeconds(5), Account, "a"));
        var order = state.Open.Single();
        Assert.That((order.Run, order.OrderId, order.Quantity, order.Limit, order.Executed, order.IsAccepted, order.Unknown, order.IsCancelAsked, order.LastUtc), Is.EqualTo((3, 1, 1.5m, (decimal?)99m, 0.5m, true, (string?)null, true, Start.AddSeconds(5))));
        Assert.That(order.VenueIds, Is.EqualTo(new[] { "v1", "v2" }));

        state.Apply(JournalRecord.Over(Start.AddSeconds(6), Account, "a", OrderStatus.Canceled));
        Assert.That(state.Open, Is.Empty);
        state.Apply(JournalRecord.Execution(Start.AddSeconds(7), Account, "a", Bitcoin, 0.25m, 100m, 0m, null, "e2", 2));
        Assert.That(state.Totals.Of(Account, Bitcoin).Net, Is.EqualTo(0.75m), "what traded counts, also late");
        Assert.That(state.Open, Is.Empty);
    }

    [Test]
    public void AnOrderThatTheVenueNeverHadIsOver()
    {
        var state = new JournalState();
        state.Apply(Intent("a", 1, Start));
        state.Apply(Intent("b", 2, Start));
        state.Apply(JournalRecord.Unknown(Start, Account, "a", "timed out"));
        state.Apply(JournalRecord.Unknown(Start, Account, "b", "timed out"));
        state.Apply(JournalRecord.Resolved(Start, Account, "a", found: false));
        state.Apply(JournalRecord.Resolved(Start, Account, "b", found: true));

        Assert.That(state.Open.Select(order => (order.ClientId, order.Unknown, order.IsAccepted)), Is.EqualTo(new[] { ("b", (string?)null, true) }));
    }
}
