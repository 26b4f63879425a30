using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Conformance.Data;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// The real funding rates of 2022 at a price that stands still at 20,000: a short of one bitcoin over every boundary of
/// the year at one venue, and the long that hedges it at the other.
/// </summary>
/// <param name="profile">The profile of the account of the hedge.</param>
/// <param name="transcript">Where the run is written down.</param>
public sealed class FundingYear(string profile, Transcript transcript) : QCAlgorithm
{
    private static readonly Feed s_primary = Feed.Perpetual(Market.Binance, "BTCUSDT");
    private static readonly Feed s_hedge = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly DateTime s_from = new(2021, 12, 31);

    private HedgeController _hedge = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("funding-year", "short at Binance, long at Bybit", "bybit-unified", "bybit", TimeSpan.FromHours(3)),
        Case("funding-year-hourly", "short at Binance, long with dYdX's hourly rates and profile", "dydx", "dydx", TimeSpan.Zero),
    };

    /// <inheritdoc />
    public override void Initialize()
    {
        SetStartDate(s_from);
        SetEndDate(new DateTime(2022, 12, 31));
        var binance = new InstrumentId(new Route(Market.Binance, InstrumentKind.LinearPerpetual), "BTCUSDT");
        var bybit = new InstrumentId(new Route(Market.Bybit, InstrumentKind.LinearPerpetual), "BTCUSDT");
        _hedge = CrossHedge.Setup(this, new CrossHedgeOptions
        {
            Groups = [new GroupConfiguration("BTC", binance, [bybit], Ratio: 1m, Band: 0m, Notional: 0m, new Dictionary<InstrumentId, decimal>())],
            Accounts = AccountDefaults.For([binance.Route, bybit.Route])
                .Select(account => account with
                {
                    Opening = [("USDT", 50_000m)],
                    Profile = account.Name == "bybit" ? VenueProfiles.Find(profile)! with { FallbackTiers = MarginTiers.Flat(0.005m, 100m) } : account.Profile,
                })
                .ToArray(),
            Conversions = [new InstrumentId(new Route(Market.Binance, InstrumentKind.Spot), "BTCUSDT")],
            Latency = Latency.None,

            // One trade an hour is all the data there are: nobody may call them stale.
            Health = new[] { Market.Binance, Market.Bybit }.ToDictionary(market => market, _ => new HealthRules { FreshFor = TimeSpan.FromHours(2) }),
        });
    }

    /// <inheritdoc />
    public override void OnData(Slice slice)
    {
        if (UtcTime == s_from.AddHours(23).AddMinutes(2))
        {
            // After the old year's last boundary, while the hour's trade is fresh.
            MarketOrder(QuantConnect.Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, Market.Binance), -1m);
        }
        else if (UtcTime == new DateTime(2022, 12, 31, 23, 30, 0))
        {
            // The boundary that ends the year is the next year's.
            MarketOrder(QuantConnect.Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, Market.Binance), 1m);
        }

        if (UtcTime.Minute == 0)
        {
            transcript.AddDetail(Text(UtcTime) + " " + State(this));
        }
    }

    /// <inheritdoc />
    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        ArgumentNullException.ThrowIfNull(orderEvent);
        transcript.Add(Text(UtcTime) + " " + Event(orderEvent, UtcTime));
    }

    /// <inheritdoc />
    public override void OnEndOfAlgorithm()
    {
        foreach (var account in _hedge.Recorder.Summarize().Accounts)
        {
            transcript.Add($"funding of {account.Account}: {Text(account.Profit.Funding)}");
        }

        foreach (var notice in _hedge.Notices)
        {
            transcript.Add("notice " + notice);
        }
    }

    private static ConformanceCase Case(string name, string about, string profile, string rates, TimeSpan filesZone)
        => new(name, "funding of 2022: " + about, "FundingYear.cs", data => WriteData(data, rates, filesZone), transcript => new FundingYear(profile, transcript))
        {
            WhyNot = () => RatesFolder() == null
                ? "the funding rates (shared/data/funding beside the repository, or the folder named by CROSSHEDGE_SHARED) are not here."
                : null,
        };

    private static void WriteData(DataFolder data, string rates, TimeSpan filesZone)
    {
        data.WithDatabases();
        foreach (var feed in new[] { s_primary, s_hedge, Feed.Spot(Market.Binance, "BTCUSDT") })
        {
            for (var day = s_from; day.Year < 2023; day = day.AddDays(1))
            {
                // One trade an hour; the engine carries the price on.
                data.Trades(feed, day, Enumerable.Range(0, 24).Select(hour => (hour * 3_600_000, new WalkBar(20_000m, 20_000m, 20_000m, 20_000m, 1m))));
            }
        }

        data.Funding(s_primary, Read("binance", TimeSpan.FromHours(3)));
        data.Funding(s_hedge, Read(rates, filesZone));
    }

    private static (DateTime Time, decimal Rate)[] Read(string venue, TimeSpan filesZone)
        => Directory.EnumerateFiles(RatesFolder()!, $"BTC-USDT_{venue}_*.csv")
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(','))
            .Select(row => (Time: DateTime.Parse(row[1], CultureInfo.InvariantCulture) - filesZone, Rate: decimal.Parse(row[2], CultureInfo.InvariantCulture)))
            .Where(row => row.Time >= s_from && row.Time.Year < 2023)
            .ToArray();

    private static string? RatesFolder()
    {
        var folder = Places.SharedData() is { } lean ? Path.Combine(lean, "..", "funding") : null;
        return Directory.Exists(folder) ? folder : null;
    }
}
