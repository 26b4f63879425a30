#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Scenarios;

/// <summary>
/// Writes a scenario in C#, for the cloud, where no file can be given: a method for each kind, with what the kind needs
/// and takes. A time is an instant (<see cref="DateTime"/>, UTC) or a time after the start of the run
/// (<see cref="TimeSpan"/>); an end that is left out is the end of the run. Whether it fits a run is said by
/// <see cref="ScenarioCheck"/>, all errors at once: nothing is refused here.
/// </summary>
public sealed class ScenarioBuilder
{
    private readonly string _name;
    private readonly List<ScenarioEvent> _events = [];
    private bool _acceptsPeg;

    internal ScenarioBuilder(string name) => _name = name;

    /// <summary>A depeg may move account values alone: LEAN converts the currency at a fixed peg, so its equity does not follow.</summary>
    public ScenarioBuilder AcceptPeg()
    {
        _acceptsPeg = true;
        return this;
    }

    /// <summary>Capabilities of a venue do not work.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="capabilities">What does not work; none: nothing works, and the venue's market stands still.</param>
    public ScenarioBuilder Outage(string venue, ScenarioTime at, ScenarioTime? until = null, params Capability[] capabilities)
        => Add(new ScenarioEvent(ScenarioKind.Outage, at) { Venue = venue, Until = until, Capabilities = [.. capabilities] });

    /// <summary>Orders and quotes of a venue are late.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="delay">By how much; positive, at most a day.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder Slow(string venue, ScenarioTime at, TimeSpan delay, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.Slow, at) { Venue = venue, Until = until, Delay = delay });

    /// <summary>Orders of a venue are late.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="delay">By how much; positive, at most a day.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder Latency(string venue, ScenarioTime at, TimeSpan delay, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.Latency, at) { Venue = venue, Until = until, Delay = delay });

    /// <summary>The quotes of a venue, or of one instrument, stand still for us; its market goes on.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="instrument">One instrument of it; null: all.</param>
    public ScenarioBuilder StaleBook(string venue, ScenarioTime at, ScenarioTime? until = null, InstrumentId? instrument = null)
        => Add(new ScenarioEvent(ScenarioKind.StaleBook, at) { Venue = venue, Until = until, Instrument = instrument });

    /// <summary>The prices of a venue, or of one instrument, are off: after an outage books come back one-sided.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="shift">By how much, a signed fraction above -1.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="instrument">One instrument of it; null: all.</param>
    public ScenarioBuilder WrongSideRecovery(string venue, ScenarioTime at, decimal shift, ScenarioTime? until = null, InstrumentId? instrument = null)
        => Add(new ScenarioEvent(ScenarioKind.WrongSideRecovery, at) { Venue = venue, Until = until, Instrument = instrument, Size = shift });

    /// <summary>A venue refuses a share of all orders, evenly spread, exits included.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="share">A fraction above 0, at most 1.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder RejectStorm(string venue, ScenarioTime at, decimal share, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.RejectStorm, at) { Venue = venue, Until = until, Size = share });

    /// <summary>A venue pays nothing out.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder WithdrawalFreeze(string venue, ScenarioTime at, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.WithdrawalFreeze, at) { Venue = venue, Until = until });

    /// <summary>A venue fails for good: its positions vanish, and part of its money is left, frozen.</summary>
    /// <param name="venue">The market, as in <c>binance</c>.</param>
    /// <param name="at">When.</param>
    /// <param name="recovery">The part that is left, a fraction, 0 to 1.</param>
    public ScenarioBuilder Insolvency(string venue, ScenarioTime at, decimal recovery)
        => Add(new ScenarioEvent(ScenarioKind.Insolvency, at) { Venue = venue, Size = recovery });

    /// <summary>Transfers that leave or travel in the time do not arrive before its end.</summary>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="from">The market where they leave; null: any.</param>
    /// <param name="to">The market where they should arrive; null: any.</param>
    /// <param name="currency">Their currency; null: any.</param>
    public ScenarioBuilder TransferStuck(ScenarioTime at, ScenarioTime? until = null, string? from = null, string? to = null, string? currency = null)
        => Add(new ScenarioEvent(ScenarioKind.TransferStuck, at) { Until = until, Venue = from, To = to, Currency = currency });

    /// <summary>Transfers that leave or travel in the time come back to their sender when they are due.</summary>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="from">The market where they leave; null: any.</param>
    /// <param name="to">The market where they should arrive; null: any.</param>
    /// <param name="currency">Their currency; null: any.</param>
    public ScenarioBuilder TransferFailed(ScenarioTime at, ScenarioTime? until = null, string? from = null, string? to = null, string? currency = null)
        => Add(new ScenarioEvent(ScenarioKind.TransferFailed, at) { Until = until, Venue = from, To = to, Currency = currency });

    /// <summary>Transfers that leave or travel in the time are gone when they are due.</summary>
    /// <param name="at">From when.</param>
    /// <param name="until">Until when, itself excluded.</param>
    /// <param name="from">The market where they leave; null: any.</param>
    /// <param name="to">The market where they should arrive; null: any.</param>
    /// <param name="currency">Their currency; null: any.</param>
    public ScenarioBuilder TransferLost(ScenarioTime at, ScenarioTime? until = null, string? from = null, string? to = null, string? currency = null)
        => Add(new ScenarioEvent(ScenarioKind.TransferLost, at) { Until = until, Venue = from, To = to, Currency = currency });

    /// <summary>The venue closes part of a position, as in a liquidation, with its fee.</summary>
    /// <param name="instrument">A perpetual.</param>
    /// <param name="at">When.</param>
    /// <param name="fraction">How much of the position, a fraction above 0, at most 1.</param>
    /// <param name="price">At which price, in the settlement currency; null: the mark.</param>
    public ScenarioBuilder ForcedLiquidation(InstrumentId instrument, ScenarioTime at, decimal fraction, decimal? price = null)
        => Add(new ScenarioEvent(ScenarioKind.ForcedLiquidation, at) { Instrument = instrument, Size = fraction, Price = price });

    /// <summary>The venue closes part of a position against a trader that was liquidated, without a fee.</summary>
    /// <param name="instrument">A perpetual.</param>
    /// <param name="at">When.</param>
    /// <param name="fraction">How much of the position, a fraction above 0, at most 1.</param>
    /// <param name="price">At which price, in the settlement currency; null: the mark.</param>
    public ScenarioBuilder AutoDeleveraging(InstrumentId instrument, ScenarioTime at, decimal fraction, decimal? price = null)
        => Add(new ScenarioEvent(ScenarioKind.AutoDeleveraging, at) { Instrument = instrument, Size = fraction, Price = price });

    /// <summary>A unit of a currency is worth another amount than its rate says.</summary>
    /// <param name="currency">The currency, as in <c>USDC</c>; not the account currency.</param>
    /// <param name="at">From when.</param>
    /// <param name="factor">What it is worth of its rate, as in 0.88.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder Depeg(string currency, ScenarioTime at, decimal factor, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.Depeg, at) { Until = until, Currency = currency, Size = factor });

    /// <summary>Each funding boundary of a perpetual has this rate.</summary>
    /// <param name="instrument">A perpetual.</param>
    /// <param name="at">From when.</param>
    /// <param name="rate">The rate of an interval, a signed fraction; positive: longs pay.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder FundingSpike(InstrumentId instrument, ScenarioTime at, decimal rate, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.FundingSpike, at) { Until = until, Instrument = instrument, Size = rate });

    /// <summary>A perpetual settles funding at another interval.</summary>
    /// <param name="instrument">A perpetual.</param>
    /// <param name="at">From when.</param>
    /// <param name="interval">A whole number of hours that divides a day.</param>
    /// <param name="until">Until when, itself excluded.</param>
    public ScenarioBuilder FundingInterval(InstrumentId instrument, ScenarioTime at, TimeSpan interval, ScenarioTime? until = null)
        => Add(new ScenarioEvent(ScenarioKind.FundingInterval, at) { Until = until, Instrument = instrument, Delay = interval });

    /// <summary>An instrument takes exits only, and at the end of the time the venue closes what is left; then it is gone.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="at">From when it takes exits only.</param>
    /// <param name="until">When it is closed.</param>
    /// <param name="price">At which price, in the settlement currency; null: the mark.</param>
    public ScenarioBuilder Delisting(InstrumentId instrument, ScenarioTime at, ScenarioTime until, decimal? price = null)
        => Add(new ScenarioEvent(ScenarioKind.Delisting, at) { Until = until, Instrument = instrument, Price = price });

    /// <summary>The scenario so far; what is added later does not change it.</summary>
    public Scenario Build() => new() { Name = _name, Events = [.. _events], AcceptsPeg = _acceptsPeg };

    private ScenarioBuilder Add(ScenarioEvent what)
    {
        _events.Add(what);
        return this;
    }
}
