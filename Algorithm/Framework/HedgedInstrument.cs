#nullable enable
using System;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Data.Market;
using QuantConnect.Securities;

namespace CrossHedgeLean.Framework;

/// <summary>An instrument of a group, bound to its LEAN security and its account.</summary>
internal sealed class HedgedInstrument(Instrument instrument, Security security, AccountPosition account)
{
    public Instrument Instrument => instrument;

    public InstrumentId Id => instrument.Id;

    public Security Security => security;

    /// <summary>The position in its account.</summary>
    public AccountPosition Account => account;

    public Symbol Symbol => security.Symbol;

    /// <summary>Until when the leg waits after a refusal, UTC.</summary>
    public DateTime BackoffUntilUtc { get; set; }

    /// <summary>The price, if real data of the last <paramref name="maxAge"/> stand behind it; LEAN does not cache filled-forward bars.</summary>
    public decimal? FreshPrice(DateTime utcNow, TimeSpan maxAge)
    {
        var trade = security.Cache.GetData<TradeBar>()?.EndTime ?? DateTime.MinValue;
        var quote = security.Cache.GetData<QuoteBar>()?.EndTime ?? DateTime.MinValue;
        var newest = trade > quote ? trade : quote;
        return newest != DateTime.MinValue
            && utcNow - newest.ConvertToUtc(security.Exchange.TimeZone) <= maxAge
            && security.Price > 0m
                ? security.Price
                : null;
    }
}
