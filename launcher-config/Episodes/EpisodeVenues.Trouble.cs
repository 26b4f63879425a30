using System;
using System.Collections.Generic;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// What a scenario does to the venues of an episode. Its events are drawn as the episode goes, and Core's player says what
/// of them holds, as it does on LEAN.
/// </summary>
internal sealed partial class EpisodeVenues
{
    /// <summary>Within this time all that a failed venue leaves behind has been told.</summary>
    private static readonly TimeSpan FailureIsKnownAfter = TimeSpan.FromSeconds(12);

    private readonly List<ScenarioChange> _troubles = [];

    /// <summary>What goes wrong by a scenario.</summary>
    public ScenarioPlayer Trouble { get; } = new(new Scenario { Name = "episode" }, EpisodeWorld.StartUtc);

    /// <summary>Lets transfers go on: called when the scenario has gone on, before anything else of a second.</summary>
    public Action? Travelled { get; set; }

    /// <summary>Whether a venue has failed or is about to.</summary>
    public bool HasFailure { get; private set; }

    /// <summary>Whether a person can know that an instrument takes no more of it.</summary>
    public bool IsDelisted(TruthInstrument instrument) => !Trouble.IsQuiet && Trouble.IsDelisted(instrument.Instrument.Id);

    /// <summary>The funding rate of a group's perpetuals while nothing else is said.</summary>
    public static decimal UsualFunding(int group) => group % 2 == 0 ? 0.0001m : -0.0002m;

    /// <summary>From now on.</summary>
    /// <param name="what">What, with its beginning at <see cref="NowUtc"/>.</param>
    public void Begin(ScenarioEvent what)
    {
        HasFailure |= what.Kind == ScenarioKind.Insolvency;
        Trouble.Add(what);
    }

    /// <summary>An outage of everything: the market stands still, too.</summary>
    public void Close(TruthVenue venue, int untilTick)
    {
        for (var i = 0; i < 4; i++)
        {
            TakeDown(venue, (Capability)i, untilTick);
        }

        Begin(new ScenarioEvent(ScenarioKind.Outage, NowUtc) { Until = EpisodeWorld.StartUtc.AddSeconds(untilTick), Venue = venue.Market });
    }

    /// <summary>The worth of a unit of a stable coin.</summary>
    public decimal RateOf(string currency) => 0.9995m * Trouble.RateFactor(currency);

    /// <summary>Whether the market of an instrument is not what it usually is.</summary>
    private bool IsOff(TruthInstrument instrument)
    {
        if (Trouble.IsQuiet)
        {
            return false;
        }

        var id = instrument.Instrument.Id;
        var market = id.Route.Market;
        return Trouble.PriceFactor(id) != 1m
            || Trouble.OrderDelay(market) != TimeSpan.Zero
            || (Trouble.IsClosed(market) && instrument.Venue.FailedUtc is null)
            || (Trouble.IsDelisted(id) && !instrument.IsGone)
            || IsStorming(market);
    }

    private bool IsStorming(string market)
    {
        foreach (var what in Trouble.Active)
        {
            if (what.Kind == ScenarioKind.RejectStorm && what.Venue == market)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the venue refuses an order: it is gone, takes exits only, or storms.</summary>
    private bool Refuses(TruthInstrument instrument, decimal quantity)
    {
        if (Trouble.IsQuiet)
        {
            return false;
        }

        var position = instrument.Position.Quantity;
        var isExit = Math.Sign(quantity) == -Math.Sign(position) && Math.Abs(quantity) <= Math.Abs(position);
        return (IsDelisted(instrument) && (!isExit || instrument.IsGone)) || Trouble.Refuses(instrument.Venue.Market);
    }

    /// <summary>Does what begins or ends at once, on the marks of this second.</summary>
    private void Happen()
    {
        foreach (var change in _troubles)
        {
            var what = change.Event;
            switch (what.Kind)
            {
                case ScenarioKind.Insolvency:
                    Fail(VenueOf(what.Venue!), what.Size!.Value);
                    break;
                case ScenarioKind.Delisting when !change.Begins && !_byId[what.Instrument!.Value].IsGone:
                    Delist(_byId[what.Instrument!.Value]);
                    break;
                case ScenarioKind.Depeg:
                    Ledger.Rate(what.Currency!, RateOf(what.Currency!));
                    break;
            }
        }

        _troubles.Clear();
    }

    /// <summary>
    /// The venue fails. What it leaves behind is told without it, by whoever winds it up: what became of every order, that
    /// the positions are gone, and that nothing works.
    /// </summary>
    private void Fail(TruthVenue venue, decimal recovery)
    {
        venue.FailedUtc = NowUtc;
        venue.Recovery = recovery;
        foreach (var account in venue.Accounts)
        {
            _exchange.Fail(account, recovery, NowUtc);
        }

        foreach (var instrument in venue.Instruments)
        {
            EndWhatIsOver(instrument);
        }

        foreach (var message in venue.Held)
        {
            _outbound.Enqueue(message, (NowUtc, ++_number));
        }

        venue.Held.Clear();
        for (var id = 1; id <= _ids; id++)
        {
            if (_orders.TryGetValue(id, out var order) && order.Instrument.Venue == venue && !order.HasEnded && order.Stage != TruthStage.Travelling)
            {
                Answer(order);
            }
        }

        Report(venue);
    }

    /// <summary>The time is over: the venue closes what is left at the mark, and takes no orders any more.</summary>
    private void Delist(TruthInstrument instrument)
    {
        _exchange.Close(instrument.Position, -instrument.Position.Quantity, instrument.Position.Mark, NowUtc);
        EndWhatIsOver(instrument);
        instrument.Remove();
    }
}
