using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrossHedgeLean.DataGeneration;

/// <summary>What to generate. The defaults are the sample data of the backtest command.</summary>
public sealed record GeneratorOptions
{
    private const int MaximumDays = 3660;

    private readonly string? _extras;

    /// <summary>The first day, UTC midnight.</summary>
    public DateTime FromUtc { get; init; } = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The number of whole days.</summary>
    public int Days { get; init; } = 10;

    /// <summary>The seed; the same seed gives the same bytes on each machine.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Routes as market:kind, kind being spot or perpetual.</summary>
    public IReadOnlyList<string> Venues { get; init; } = ["binance:spot", "bybit:perpetual"];

    /// <summary>Tickers as the venues and LEAN spell them; each is generated at every venue of the list that has it.</summary>
    public IReadOnlyList<string> Pairs { get; init; } = ["BTCUSDT", "ETHUSDT"];

    /// <summary>minute or second.</summary>
    public string Resolution { get; init; } = "minute";

    /// <summary>Moves of the price that are no chance; empty: none.</summary>
    public IReadOnlyList<PriceMove> Moves { get; init; } = [];

    /// <summary>
    /// Funding rates by instrument (market:kind:ticker), in the order of time, UTC; each is written as it stands, in place
    /// of the rates that would follow from the premium.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(DateTime TimeUtc, decimal Rate)>> Funding { get; init; } = new Dictionary<string, IReadOnlyList<(DateTime, decimal)>>();

    /// <summary>The options on one line.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Days} days from {FromUtc:yyyy-MM-dd}, {string.Join(' ', Venues)}, {string.Join(' ', Pairs)}, {Resolution}, seed {Seed}{Extras}");

    /// <summary>Moves and given funding rates, on one line; empty without any. Given where the options are read back from a folder.</summary>
    internal string Extras
    {
        get => _extras ?? string.Concat(Moves.Select(move => $", move {move}"))
            + string.Concat(Funding.OrderBy(given => given.Key, StringComparer.Ordinal).Select(given => string.Create(CultureInfo.InvariantCulture, $", funding of {given.Key} given ({given.Value.Count}, sum {given.Value.Sum(x => x.Rate)})")));
        init => _extras = value;
    }

    /// <summary>Everything that is wrong with the options, each with its remedy; empty if they can be generated.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Days is < 1 or > MaximumDays)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"days {Days}: give 1 to {MaximumDays}."));
        }

        if (FromUtc.TimeOfDay != TimeSpan.Zero)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"from {FromUtc:s}: give a day at midnight UTC."));
        }

        if (FromUtc.Year is < 2000 or > 2100)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"from {FromUtc:yyyy-MM-dd}: give a day of 2000 to 2100."));
        }

        if (Resolution is not ("minute" or "second"))
        {
            errors.Add($"resolution '{Resolution}': give minute or second.");
        }

        var routes = string.Join(", ", GeneratorInstrument.KnownRoutes);
        if (Venues.Count == 0)
        {
            errors.Add($"venues: give at least one of {routes}.");
        }

        var known = new List<string>();
        foreach (var venue in Venues)
        {
            if (GeneratorInstrument.KnownRoutes.Contains(venue, StringComparer.OrdinalIgnoreCase))
            {
                known.Add(venue);
            }
            else
            {
                errors.Add($"venue '{venue}' is unknown to the generator: give one or more of {routes}.");
            }
        }

        if (Pairs.Count == 0)
        {
            errors.Add($"pairs: give at least one of {TickersAt(known)}.");
        }

        foreach (var pair in Pairs.Where(pair => known.Count > 0 && !known.Any(venue => GeneratorInstrument.Find(venue, pair) is not null)))
        {
            errors.Add($"pair '{pair}' is at none of the venues {string.Join(", ", known)}: they have {TickersAt(known)}.");
        }

        foreach (var venue in known.Where(venue => Pairs.Count > 0 && !Pairs.Any(pair => GeneratorInstrument.Find(venue, pair) is not null)))
        {
            errors.Add($"venue '{venue}' has none of the pairs {string.Join(", ", Pairs)}: it has {TickersAt([venue])}.");
        }

        return errors;
    }

    /// <summary>What is generated: venue by venue in the given order, each with the pairs it has.</summary>
    internal IReadOnlyList<GeneratorInstrument> Instruments() => Venues
        .SelectMany(venue => Pairs.Select(pair => GeneratorInstrument.Find(venue, pair)))
        .OfType<GeneratorInstrument>()
        .Distinct()
        .ToList();

    private static string TickersAt(IReadOnlyList<string> venues) => string.Join(", ", GeneratorInstrument.Known
        .Where(instrument => venues.Count == 0 || venues.Contains(instrument.Route, StringComparer.OrdinalIgnoreCase))
        .Select(instrument => instrument.Ticker)
        .Distinct());
}

/// <summary>A move of the price that is no chance: on top of it, and for good.</summary>
/// <param name="Coin">The base coin, as in <c>BTC</c>.</param>
/// <param name="Venue">The route at which alone it happens, as in <c>bybit:perpetual</c>; null: everywhere.</param>
/// <param name="At">When it begins, after the first midnight.</param>
/// <param name="Over">How long it takes; positive. In equal steps of the factor.</param>
/// <param name="Size">By how much the price is higher at its end, a signed fraction above -1.</param>
public sealed record PriceMove(string Coin, string? Venue, TimeSpan At, TimeSpan Over, double Size)
{
    /// <summary>As the command line takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Coin}{(Venue is null ? "" : "@" + Venue)}={At:c}/{Over:c}/{Size}");

    /// <summary>Reads <c>COIN[@market:kind]=AT/OVER/SIZE</c>, as in <c>BTC@bybit:perpetual=06:00:00/00:10:00/0.008</c>; null if it has another form.</summary>
    internal static PriceMove? Parse(string text)
    {
        var parts = text.Split('=', '/');
        var names = parts[0].Split('@');
        return parts.Length == 4 && names.Length <= 2
            && TimeSpan.TryParseExact(parts[1], "c", CultureInfo.InvariantCulture, out var at) && at >= TimeSpan.Zero
            && TimeSpan.TryParseExact(parts[2], "c", CultureInfo.InvariantCulture, out var over) && over > TimeSpan.Zero
            && double.TryParse(parts[3], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size) && size > -1.0
            ? new PriceMove(names[0], names.Length == 2 ? names[1] : null, at, over, size)
            : null;
    }

    /// <summary>The factor at a time after the first midnight.</summary>
    internal double FactorAt(TimeSpan time)
        => time <= At ? 1.0 : time >= At + Over ? 1.0 + Size : 1.0 + (Size * ((time - At) / Over));
}
