using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// The money of an episode, counted a second time: every entry is computed again from its cause, balances are the sum of
/// their entries, no account pays with another's money, and what is reserved belongs to an open order.
/// </summary>
internal sealed class EpisodeMoney
{
    private const decimal Tolerance = 0.000000001m;

    private readonly EpisodeVenues _venues;
    private readonly EpisodeTransfers? _transfers;
    private readonly HashSet<(string Account, string Currency)> _writtenOff = [];
    private readonly Dictionary<(VenueAccount, string), decimal> _balances = [];
    private readonly Dictionary<InstrumentId, (decimal Size, decimal Cost)> _positions = [];
    private FillEntry? _lastFill;
    private (VenueAccount? Account, DateTime TimeUtc) _liquidated;
    private (int Invariant, string Text)? _error;

    public EpisodeMoney(EpisodeVenues venues, EpisodeTransfers? transfers)
    {
        _venues = venues;
        _transfers = transfers;
        foreach (var account in venues.Ledger.Accounts)
        {
            foreach (var (currency, amount) in account.Definition.Opening)
            {
                _balances[(account, currency)] = amount;
            }
        }
    }

    /// <summary>An entry was booked.</summary>
    public void Enter(LedgerEntry entry)
    {
        switch (entry)
        {
            case FillEntry fill:
                EnterFill(fill);
                break;
            case FeeEntry fee:
                EnterFee(fee);
                break;
            case FundingEntry funding:
                var held = Size(funding.Instrument);
                var amount = -held * funding.Mark * funding.Rate;
                CheckRate(funding);
                if (Math.Abs(amount - funding.Amount) > Tolerance || funding.Quantity != held)
                {
                    _error ??= (3, $"funding of {Text(funding.Amount)} on {Text(funding.Quantity)} {funding.Instrument}, of which {Text(held)} is held: expected {Text(amount)}");
                }

                Add(funding.Instrument, _venues.Find(funding.Instrument).Instrument.SettlementCurrency, funding.Amount);
                break;
            case WriteOffEntry writeOff:
                EnterWriteOff(writeOff);
                break;
            case TransferSentEntry sent when _transfers is not null:
                Add(sent.From, sent.Currency, -sent.Amount - sent.Fee);
                _transfers.Enter(sent);
                break;
            case TransferArrivedEntry arrived when _transfers?.Enter(arrived) is { } sent:
                Add(sent.To, sent.Currency, sent.Amount);
                break;
            case TransferFailedEntry failed when _transfers?.Enter(failed) is { } sent:
                Add(sent.From, sent.Currency, failed.Returned);
                break;
            default:
                _error ??= (3, $"an entry {entry.GetType().Name} that nothing in the episode causes");
                break;
        }
    }

    /// <summary>What is wrong; null if nothing is.</summary>
    public (int Invariant, string Text)? Check()
    {
        if (_error is not null)
        {
            return _error;
        }

        _transfers?.Check();
        if (_transfers?.Error is { } error)
        {
            return error;
        }

        var reserved = 0;
        foreach (var account in _venues.Ledger.Accounts)
        {
            var venue = _venues.VenueOf(account.Definition.Market);
            for (var i = 0; i < account.Balances.Count; i++)
            {
                var balance = account.Balances[i];
                var inTransit = _transfers?.InTransit(account, balance.Currency) ?? 0m;
                if (balance.InTransit != inTransit)
                {
                    return (3, $"{Text(balance.InTransit)} {balance.Currency} travel to {account.Definition.Name} by its account, {Text(inTransit)} by what was sent");
                }

                if (venue.FailedUtc is not null && venue.Recovery < 1m && balance.Total > Tolerance && !_writtenOff.Contains((account.Definition.Name, balance.Currency)))
                {
                    return (3, $"{account.Definition.Name} has {Text(balance.Total)} {balance.Currency} at a venue that failed, of which nothing was written off");
                }

                var counted = _balances.GetValueOrDefault((account, balance.Currency));
                if (Math.Abs(balance.Total - counted) > Tolerance)
                {
                    return (3, $"{account.Definition.Name} has {Text(balance.Total)} {balance.Currency}, its entries make {Text(counted)}");
                }

                if (balance.Total < -Tolerance && account.Pools.Count == 0)
                {
                    return (4, $"{account.Definition.Name} has {Text(balance.Total)} {balance.Currency}: another's money was spent");
                }
            }

            reserved += account.Orders.Count;
            for (var i = 0; i < account.Orders.Count; i++)
            {
                var isOpen = false;
                foreach (var order in _venues.ExchangeOrders)
                {
                    isOpen |= order.Id == account.Orders[i].OrderId;
                }

                if (!isOpen)
                {
                    return (4, $"{account.Definition.Name} holds money for order {account.Orders[i].OrderId}, which is over");
                }
            }

            if (_venues.Tick % 20 == 0 && Math.Abs(_venues.Ledger.UnexplainedOf(account)) > Tolerance)
            {
                return (3, $"{account.Definition.Name}: {Text(_venues.Ledger.UnexplainedOf(account))} of its equity is not explained by opening and profit");
            }
        }

        if (reserved != _venues.ExchangeOrders.Count)
        {
            return (4, $"{_venues.ExchangeOrders.Count} orders are open and money is held for {reserved}");
        }

        return null;
    }

    private void EnterFill(FillEntry fill)
    {
        var instrument = _venues.Find(fill.Instrument).Instrument;
        var (size, cost) = _positions.GetValueOrDefault(fill.Instrument);
        decimal cash;
        if (instrument.Id.Route.Kind == InstrumentKind.Spot)
        {
            cash = -fill.Quantity * fill.Price;
            Add(fill.Instrument, instrument.Underlying, fill.Quantity);
        }
        else
        {
            // Against the position: average price to the fill's price, on what is closed.
            var closed = Math.Sign(fill.Quantity) == -Math.Sign(size) ? Math.Min(Math.Abs(fill.Quantity), Math.Abs(size)) : 0m;
            var average = size == 0m ? 0m : cost / size;
            cash = Math.Sign(size) * closed * (fill.Price - average);
            cost -= Math.Sign(size) * closed * average;
            cost += (fill.Quantity + (Math.Sign(size) * closed)) * fill.Price;
        }

        size += fill.Quantity;
        _positions[fill.Instrument] = (size, size == 0m ? 0m : cost);
        Add(fill.Instrument, instrument.SettlementCurrency, fill.Cash);
        if (Math.Abs(cash - fill.Cash) > Tolerance)
        {
            _error ??= (3, $"a fill of {Text(fill.Quantity)} {fill.Instrument} at {Text(fill.Price)} moved {Text(fill.Cash)}: expected {Text(cash)}");
        }

        _lastFill = fill;
        if (fill.IsLiquidation)
        {
            _liquidated = (_venues.Ledger.Find(fill.Instrument.Route)!, fill.TimeUtc);
        }
    }

    /// <summary>What is missing after a liquidation is the venue's: it brings the account to nothing, and not above.</summary>
    private void EnterWriteOff(WriteOffEntry writeOff)
    {
        if (_venues.VenueOf(_venues.AccountOf(writeOff.Account).Definition.Market) is { FailedUtc: { } failed } venue)
        {
            EnterFailure(writeOff, venue.Recovery, failed);
            return;
        }

        var account = _liquidated.Account;
        if (account is null || account.Definition.Name != writeOff.Account || _liquidated.TimeUtc != writeOff.TimeUtc || writeOff.Amount <= 0m)
        {
            _error ??= (3, $"{Text(writeOff.Amount)} {writeOff.Currency} of {writeOff.Account} is written off without a liquidation");
            return;
        }

        var left = account.Equity;
        for (var i = 0; i < account.Balances.Count && !account.Definition.Profile.PoolsCollateral; i++)
        {
            left = account.Balances[i].Currency == writeOff.Currency ? account.Balances[i].Total : left;
        }

        if (Math.Abs(left) > Tolerance)
        {
            _error ??= (3, $"{writeOff.Account} has {Text(left)} {writeOff.Currency} after {Text(writeOff.Amount)} were written off: expected nothing");
        }

        var key = (account, writeOff.Currency);
        _balances[key] = _balances.GetValueOrDefault(key) + writeOff.Amount;
    }

    /// <summary>Of what a failed venue holds, the recovery is left; of what comes later, the same.</summary>
    private void EnterFailure(WriteOffEntry writeOff, decimal recovery, DateTime failedUtc)
    {
        var account = _venues.AccountOf(writeOff.Account);
        var held = _balances.GetValueOrDefault((account, writeOff.Currency));
        var expected = held > 0m ? -held * (1m - recovery) : -held;
        if (_transfers?.TakeArrivalAtFailed(writeOff, recovery) != true
            && (writeOff.TimeUtc != failedUtc || writeOff.Amount != expected || !_writtenOff.Add((writeOff.Account, writeOff.Currency))))
        {
            _error ??= (3, $"{Text(writeOff.Amount)} {writeOff.Currency} of {writeOff.Account} is written off at a failure, of {Text(held)}: expected {Text(expected)}, once");
        }

        _writtenOff.Add((writeOff.Account, writeOff.Currency));
        Add(writeOff.Account, writeOff.Currency, writeOff.Amount);
    }

    /// <summary>The usual rate, in proportion to how often it is paid, or what the scenario says.</summary>
    private void CheckRate(FundingEntry funding)
    {
        var rate = EpisodeVenues.UsualFunding(_venues.Find(funding.Instrument).Group);
        decimal? spike = null;
        foreach (var what in _venues.Trouble.Active)
        {
            if (what.Instrument == funding.Instrument && what.Kind == ScenarioKind.FundingSpike)
            {
                spike = what.Size;
            }
            else if (what.Instrument == funding.Instrument && what.Kind == ScenarioKind.FundingInterval)
            {
                var schedule = _venues.Ledger.Find(funding.Instrument.Route)!.Definition.Profile.Funding;
                rate = EpisodeVenues.UsualFunding(_venues.Find(funding.Instrument).Group)
                    * what.Delay!.Value.Ticks / schedule.IntervalAfter(funding.Instrument.Ticker, funding.TimeUtc.AddTicks(-1)).Ticks;
            }
        }

        rate = spike ?? rate;
        if (Math.Abs(rate - funding.Rate) > Tolerance)
        {
            _error ??= (3, $"funding of {funding.Instrument} at {funding.TimeUtc:HH:mm:ss} is paid at {Text(funding.Rate)}: expected {Text(rate)}");
        }
    }

    private void EnterFee(FeeEntry fee)
    {
        var instrument = _venues.Find(fee.Instrument).Instrument;
        var isSpot = instrument.Id.Route.Kind == InstrumentKind.Spot;
        if (fee.Currency == instrument.Underlying)
        {
            var (size, cost) = _positions.GetValueOrDefault(fee.Instrument);
            _positions[fee.Instrument] = (size + fee.Amount, cost);
        }

        Add(fee.Instrument, fee.Currency, fee.Amount);
        if (!fee.IsLiquidation && _lastFill is { } fill)
        {
            var scale = Math.Abs(fill.Quantity) * (fee.Currency == instrument.Underlying ? 1m : fill.Price);
            var (maker, taker) = isSpot ? (0.0008m, 0.001m) : (0.0002m, 0.0005m);
            if (fee.Currency == instrument.Underlying != (isSpot && fill.Quantity > 0m)
                || (Math.Abs((scale * maker) + fee.Amount) > Tolerance && Math.Abs((scale * taker) + fee.Amount) > Tolerance))
            {
                _error ??= (3, $"a fee of {Text(fee.Amount)} {fee.Currency} on {Text(fill.Quantity)} {fee.Instrument} at {Text(fill.Price)}");
            }
        }
    }

    private void Add(string account, string currency, decimal amount)
    {
        var key = (_venues.AccountOf(account), currency);
        _balances[key] = _balances.GetValueOrDefault(key) + amount;
    }

    private decimal Size(InstrumentId id) => _positions.GetValueOrDefault(id).Size;

    private void Add(InstrumentId id, string currency, decimal amount)
    {
        var key = (_venues.Ledger.Find(id.Route)!, currency);
        _balances[key] = _balances.GetValueOrDefault(key) + amount;
    }

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);
}
