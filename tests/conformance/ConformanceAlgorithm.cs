using System;
using System.Globalization;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Data.UniverseSelection;
using QuantConnect.Orders;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance;

/// <summary>An algorithm that notes everything that LEAN tells it, and its state at each step.</summary>
public abstract class ConformanceAlgorithm : QCAlgorithm
{
    /// <summary>Where this run is written down.</summary>
    public Transcript Transcript { get; set; } = new();

    /// <summary>Number of slices with data so far, from 1.</summary>
    protected int Step { get; private set; }

    /// <inheritdoc />
    public sealed override void Initialize()
    {
        SetTimeZone(TimeZones.Utc);
        SetBenchmark(_ => 0m);
        Setup();
        Note("initialized " + State(this));
    }

    /// <inheritdoc />
    public sealed override void OnData(Slice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        Step++;
        Transcript.AddStep(Text(UtcTime) + (IsWarmingUp ? " warm" : " step") + StateLines.Data(slice) + " | " + State(this));
        var happenings = Transcript.Happenings;
        OnStep(slice);
        if (Transcript.Happenings != happenings)
        {
            Transcript.AddDetail(Text(UtcTime) + " after " + State(this));
        }
    }

    /// <inheritdoc />
    public sealed override void OnOrderEvent(OrderEvent orderEvent)
    {
        ArgumentNullException.ThrowIfNull(orderEvent);
        Note(Event(orderEvent, UtcTime));
        OnEvent(orderEvent);
    }

    /// <inheritdoc />
    public override void OnSecuritiesChanged(SecurityChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var security in changes.AddedSecurities)
        {
            Note("added " + Text(security.Symbol));
        }

        foreach (var security in changes.RemovedSecurities)
        {
            Note("removed " + Text(security.Symbol));
        }
    }

    /// <inheritdoc />
    public override void OnEndOfDay(Symbol symbol) => Note("end of day " + Text(symbol) + " " + State(this));

    /// <inheritdoc />
    public override void OnWarmupFinished() => Note("warmed up " + State(this));

    /// <inheritdoc />
    public override void OnMarginCallWarning() => Note("margin call warning " + State(this));

    /// <inheritdoc />
    public override void OnEndOfAlgorithm() => Note("end of algorithm " + State(this));

    /// <summary>The case's own part of Initialize; time zone and benchmark are set.</summary>
    protected abstract void Setup();

    /// <summary>The case's own part of OnData, after the state was noted.</summary>
    protected virtual void OnStep(Slice slice)
    {
    }

    /// <summary>The case's own part of OnOrderEvent, after the event was noted.</summary>
    protected virtual void OnEvent(OrderEvent orderEvent)
    {
    }

    /// <summary>Notes a line with the time before it.</summary>
    protected void Note(string line) => Transcript.Add(Text(UtcTime) + " " + line);

    /// <summary>Notes what became of a request.</summary>
    protected void Note(OrderTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Transcript.AddDetail(Text(UtcTime) + " " + Ticket(ticket));
    }

    /// <summary>Notes a response under a name.</summary>
    protected void Note(string name, OrderResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        Note(name + " " + Response(response));
    }

    /// <summary>A day of the cases' calendar, from 1: the first is 2024-03-04.</summary>
    protected static DateTime Day(int number) => new DateTime(2024, 3, 3).AddDays(number);

    /// <summary>A parameter as an integer.</summary>
    protected int IntParameter(string name) => int.Parse(GetParameter(name), CultureInfo.InvariantCulture);
}
