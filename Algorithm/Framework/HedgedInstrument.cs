#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using NodaTime;
using QuantConnect;
using QuantConnect.Data.Market;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace CrossHedgeLean.Framework;

/// <summary>An instrument of a group as LEAN shows it: its quotes, its account's headroom and distance.</summary>
internal sealed class HedgedInstrument(Instrument instrument, Security security, AccountPosition account, SimulatedAccounts accounts) : IInstrumentView
{
    private readonly bool _isUtc = security.Exchange.TimeZone.MinOffset == Offset.Zero && security.Exchange.TimeZone.MaxOffset == Offset.Zero;
    private decimal? _takerFee;

    public Instrument Instrument => instrument;

    public InstrumentId Id => instrument.Id;

    public Security Security => security;

    /// <summary>The position in its account.</summary>
    public AccountPosition Account => account;

    public Symbol Symbol => security.Symbol;

    /// <summary>What the decision sees: <see cref="Live"/>, unless the venue's data stand still, are late or off.</summary>
    public Quote Quote => accounts.Trouble?.Seen(Id, Live) ?? Live;

    /// <summary>
    /// The newest real data: LEAN does not cache filled-forward bars. Where trades are newer than quotes, bid and ask are
    /// the last price: an older quote would cross it.
    /// </summary>
    public Quote Live
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            var trade = security.Cache.GetData<TradeBar>()?.EndTime ?? DateTime.MinValue;
            var quote = security.Cache.GetData<QuoteBar>();
            var quoteTime = quote?.EndTime ?? DateTime.MinValue;
            var newest = trade > quoteTime ? trade : quoteTime;
            if (newest == DateTime.MinValue)
            {
                return default;
            }

            var timeUtc = ToUtc(newest);
            var price = security.Price;
            return quote is { Bid: { } bid, Ask: { } ask } && quoteTime == newest
                ? new Quote(timeUtc, bid.Close, quote.LastBidSize, ask.Close, quote.LastAskSize, price)
                : new Quote(timeUtc, price, 0m, price, 0m, price);
        }
    }

    public decimal Rate => security.QuoteCurrency.ConversionRate;

    /// <summary>What a unit of the underlying is worth at a price, in the account currency; zero if that is not known yet.</summary>
    public decimal UnitPrice(decimal price) => price * account.PricePerUnit * Rate;

    public decimal TakerFee
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            var now = ToUtc(security.LocalTime);
            if (accounts.Exchange.FeeRate(instrument.Id.Route, now, isMaker: false) is { } rate)
            {
                return rate;
            }

            if (_takerFee is not { } known)
            {
                // LEAN's venues charge a fixed share; asked once.
                var notional = security.Price * instrument.ContractMultiplier;
                if (notional == 0m)
                {
                    return 0m;
                }

                var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, new MarketOrder(security.Symbol, 1m, now))).Value;
                known = fee.Currency == account.CoinCurrency ? fee.Amount : fee.Amount / notional;
                _takerFee = known;
            }

            return known;
        }
    }

    public decimal FundingPerHour
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            if (!account.IsPerpetual || security.Cache.GetData<MarginInterestRate>() is not { } rate)
            {
                return 0m;
            }

            var now = ToUtc(security.LocalTime);
            return rate.InterestRate / (decimal)account.Account.Definition.Profile.Funding.IntervalAfter(instrument.Id.Ticker, now).TotalHours;
        }
    }

    public TimeSpan Latency => accounts.Exchange.Latency.At(account.Account.Definition.Profile);

    public decimal? Distance => accounts.Trouble is { } trouble ? trouble.Seen(Id, LiveDistance) : LiveDistance;

    public decimal? LiveDistance => accounts.Ledger.DistanceOf(account);

    public decimal Headroom(bool buys, decimal price, decimal distance)
        => accounts.TakesExitsOnly(Id) ? 0m
            : accounts.Ledger.Headroom(account, buys, price, account.IsPerpetual || !buys ? TakerFee : 0m, distance);

    /// <summary>A time of the instrument's exchange. Crypto has no other than UTC, and every look at a quote asks.</summary>
    private DateTime ToUtc(DateTime local)
        => _isUtc ? DateTime.SpecifyKind(local, DateTimeKind.Utc) : local.ConvertToUtc(security.Exchange.TimeZone);
}
