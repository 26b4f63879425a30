#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Scenarios;

/// <summary>Reads a scenario from JSON; every error at once, each with the event, the field, the value and the remedy.</summary>
public sealed class ScenarioReader
{
    /// <summary>The newest version of the format that is understood.</summary>
    public const int Version = 1;

    private static readonly string[] TopFields = ["version", "name", "about", "acceptPeg", "events", "drill", "$schema"];

    private static readonly (string Name, ScenarioFields Field)[] FieldNames =
    [
        ("until", ScenarioFields.Until), ("venue", ScenarioFields.Venue), ("to", ScenarioFields.To), ("instrument", ScenarioFields.Instrument),
        ("currency", ScenarioFields.Currency), ("capabilities", ScenarioFields.Capabilities), ("size", ScenarioFields.Size),
        ("price", ScenarioFields.Price), ("delay", ScenarioFields.Delay),
    ];

    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];

    private static readonly string[] SpanFormats = ["hh\\:mm\\:ss", "d\\.hh\\:mm\\:ss", "hh\\:mm\\:ss\\.FFFFFFF", "d\\.hh\\:mm\\:ss\\.FFFFFFF"];

    private static readonly string[] CapabilityNames = Array.ConvertAll(Enum.GetNames<Capability>(), name => name.ToLowerInvariant());

    private readonly string _source;
    private readonly List<string> _errors = [];

    private ScenarioReader(string source) => _source = source;

    /// <summary>Reads one scenario. No I/O; whether it fits a run is said by <see cref="ScenarioCheck"/>.</summary>
    /// <param name="source">What messages call it: a file's name.</param>
    /// <param name="json">The text.</param>
    /// <returns>The scenario, or null and every error.</returns>
    public static (Scenario? Value, IReadOnlyList<string> Errors) Read(string source, string json)
    {
        var reader = new ScenarioReader(source);
        var scenario = reader.Read(json);
        return (reader._errors.Count == 0 ? scenario : null, reader._errors);
    }

    /// <summary>The fields of a set, as a file writes them.</summary>
    internal static IEnumerable<string> NamesOf(ScenarioFields fields)
        => FieldNames.Where(entry => fields.HasFlag(entry.Field)).Select(entry => entry.Name);

    private Scenario? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return ReadRoot(document.RootElement);
        }
        catch (JsonException error)
        {
            var message = error.Message.Split(" LineNumber:")[0];
            _errors.Add($"{_source} is no JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}: {message} Correct it.");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            _errors.Add($"{_source} holds half a character, as in \\ud800: {error.Message} Correct it.");
        }

        return null;
    }

    private Scenario? ReadRoot(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"{_source} is no JSON object: write {{ \"version\": {Version}, \"name\": ..., \"events\": [...] }}.");
            return null;
        }

        // A newer file may mean anything: nothing else of it is judged.
        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
        {
            _errors.Add($"{_source}: version {(version.ValueKind == JsonValueKind.Undefined ? "is missing" : $"{version.GetRawText()} is no whole number from 1 on")}: write \"version\": {Version}.");
        }
        else if (number > Version)
        {
            _errors.Add($"{_source}: version {number} is newer than {Version}, the newest that is understood: update CrossHedgeLean, or write the file in version {Version}.");
            return null;
        }

        CheckTwice(_source, root);
        foreach (var name in root.EnumerateObject().Select(property => property.Name).Distinct().Where(name => !TopFields.Contains(name)))
        {
            _errors.Add($"{_source}: field '{name}' is unknown: use {string.Join(", ", TopFields)}.");
        }

        if (!root.TryGetProperty("name", out _))
        {
            _errors.Add($"{_source}: name is missing: give the scenario a name.");
        }

        var given = ReadText(_source, "name", root) ?? "";
        if (root.TryGetProperty("about", out var about) && about.ValueKind != JsonValueKind.String)
        {
            _errors.Add($"{_source}: about {about.GetRawText()} is no text: write it in quotes.");
        }

        var acceptsPeg = false;
        if (root.TryGetProperty("acceptPeg", out var peg))
        {
            acceptsPeg = peg.ValueKind == JsonValueKind.True;
            if (peg.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                _errors.Add($"{_source}: acceptPeg {peg.GetRawText()} is neither true nor false: write one of them, without quotes.");
            }
        }

        var events = new List<ScenarioEvent>();
        if (!root.TryGetProperty("events", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            _errors.Add($"{_source}: events {(list.ValueKind == JsonValueKind.Undefined ? "are missing" : "are no list")}: write \"events\": [ {{ \"kind\": ..., \"at\": ... }} ].");
        }
        else
        {
            var index = 0;
            foreach (var element in list.EnumerateArray())
            {
                index++;
                if (ReadEvent(index, element) is { } read)
                {
                    events.Add(read);
                }
            }
        }

        return new Scenario { Name = given, Events = events, AcceptsPeg = acceptsPeg };
    }

    private ScenarioEvent? ReadEvent(int index, JsonElement element)
    {
        var where = $"{_source}, event {index}";
        if (element.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"{where}: {element.GetRawText()} is no object: write {{ \"kind\": ..., \"at\": ... }}.");
            return null;
        }

        // Without a kind nobody knows what the other fields should be.
        var kindText = element.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        var rules = ScenarioKinds.All.FirstOrDefault(rules => rules.Name == kindText);
        if (rules is null)
        {
            _errors.Add($"{where}: kind {(kind.ValueKind == JsonValueKind.Undefined ? "is missing" : $"{kind.GetRawText()} is unknown")}: use {string.Join(", ", ScenarioKinds.Names)}.");
            return null;
        }

        where += $" ({rules.Name})";
        var before = _errors.Count;
        CheckTwice(where, element);
        CheckFields(where, rules, element);
        var what = new ScenarioEvent(rules.Kind, ReadTime(where, "at", element) ?? default)
        {
            Until = ReadTime(where, "until", element),
            Venue = ReadText(where, "venue", element),
            To = ReadText(where, "to", element),
            Currency = ReadText(where, "currency", element),
            Instrument = ReadInstrument(where, element),
            Capabilities = ReadCapabilities(where, element),
            Size = ReadNumber(where, "size", element),
            Price = ReadNumber(where, "price", element),
            Delay = ReadDelay(where, element),
        };

        // A field that could not be read is null here: what can be judged is judged at once.
        ScenarioCheck.CheckSize(where, what, _errors);
        return _errors.Count == before ? what : null;
    }

    private void CheckFields(string where, ScenarioKindRules rules, JsonElement element)
    {
        var known = NamesOf(rules.Needs | rules.Takes).Prepend("at").Prepend("kind").ToArray();
        foreach (var name in element.EnumerateObject().Select(property => property.Name).Distinct().Where(name => !known.Contains(name)))
        {
            _errors.Add($"{where}: field '{name}' is not one of this kind: it takes {string.Join(", ", known)}.");
        }

        foreach (var needed in NamesOf(rules.Needs).Prepend("at").Where(needed => !element.TryGetProperty(needed, out _)))
        {
            _errors.Add($"{where}: {needed} is missing: this kind needs {string.Join(", ", NamesOf(rules.Needs).Prepend("at"))}.");
        }
    }

    private ScenarioTime? ReadTime(string where, string field, JsonElement element)
    {
        if (!element.TryGetProperty(field, out var value))
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.StartsWith('+') && TimeSpan.TryParseExact(text[1..], SpanFormats, CultureInfo.InvariantCulture, out var after))
        {
            return ScenarioTime.After(after);
        }

        if (DateTime.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var utc))
        {
            return ScenarioTime.Of(utc);
        }

        _errors.Add($"{where}: {field} {value.GetRawText()} is no time: write an instant as \"2024-01-01T08:00:00Z\", or a time after the start as \"+1.08:00:00\".");
        return null;
    }

    private InstrumentId? ReadInstrument(string where, JsonElement element)
    {
        if (!element.TryGetProperty("instrument", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && InstrumentId.TryParse(value.GetString()!, out var id))
        {
            return id;
        }

        _errors.Add($"{where}: instrument {value.GetRawText()} is not market:kind:ticker, as in binance:perpetual:BTCUSDT.");
        return null;
    }

    private Capability[] ReadCapabilities(string where, JsonElement element)
    {
        if (!element.TryGetProperty("capabilities", out var value))
        {
            return [];
        }

        var read = new List<Capability>();
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            foreach (var item in value.EnumerateArray())
            {
                var at = item.ValueKind == JsonValueKind.String ? Array.IndexOf(CapabilityNames, item.GetString()) : -1;
                if (at < 0 || read.Contains((Capability)at))
                {
                    _errors.Add($"{where}: capability {item.GetRawText()} is unknown or comes twice: use {string.Join(", ", CapabilityNames)}, each once, or leave capabilities out for all of them.");
                }
                else
                {
                    read.Add((Capability)at);
                }
            }
        }
        else
        {
            _errors.Add($"{where}: capabilities {value.GetRawText()} is no list with something in it: use {string.Join(", ", CapabilityNames)}, or leave it out for all of them.");
        }

        return [.. read];
    }

    private decimal? ReadNumber(string where, string field, JsonElement element)
    {
        if (!element.TryGetProperty(field, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
        {
            return number;
        }

        _errors.Add($"{where}: {field} {value.GetRawText()} is no number: write it without quotes, as in 0.5.");
        return null;
    }

    private TimeSpan? ReadDelay(string where, JsonElement element)
    {
        if (!element.TryGetProperty("delay", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TimeSpan.TryParseExact(value.GetString(), SpanFormats, CultureInfo.InvariantCulture, out var delay))
        {
            return delay;
        }

        _errors.Add($"{where}: delay {value.GetRawText()} is no time: write it as \"00:00:30\", or a day as \"1.00:00:00\".");
        return null;
    }

    private string? ReadText(string where, string field, JsonElement element)
    {
        if (!element.TryGetProperty(field, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            return value.GetString();
        }

        _errors.Add($"{where}: {field} {value.GetRawText()} is no text with something in it: write a name in quotes.");
        return null;
    }

    private void CheckTwice(string where, JsonElement element)
    {
        foreach (var twice in element.EnumerateObject().GroupBy(property => property.Name).Where(same => same.Count() > 1))
        {
            _errors.Add($"{where}: '{twice.Key}' stands there {twice.Count()} times: keep one.");
        }
    }
}

/// <summary>What a scenario is checked against: the run that it shall trouble.</summary>
public sealed record ScenarioFrame
{
    /// <summary>What LEAN converts at 1 where no pair is subscribed.</summary>
    private static readonly string[] StableCoins = ["USD", "USDT", "USDC", "BUSD", "FDUSD", "TUSD", "DAI"];

    /// <summary>Start of the run, UTC.</summary>
    public required DateTime StartUtc { get; init; }

    /// <summary>End of the run, UTC, itself excluded.</summary>
    public required DateTime EndUtc { get; init; }

    /// <summary>The markets at which the run has an account.</summary>
    public required IReadOnlyList<string> Markets { get; init; }

    /// <summary>The instruments of the run.</summary>
    public required IReadOnlyList<InstrumentId> Instruments { get; init; }

    /// <summary>The currency of all figures; it cannot lose its peg, because everything is measured in it.</summary>
    public required string AccountCurrency { get; init; }

    /// <summary>The currencies of the run's accounts.</summary>
    public required IReadOnlyList<string> Currencies { get; init; }

    /// <summary>Currencies that the engine converts at a fixed peg.</summary>
    public IReadOnlyList<string> Pegged { get; init; } = [];

    /// <summary>Who plays it.</summary>
    public required ScenarioHosts Host { get; init; }

    /// <summary>The run of a backtest.</summary>
    /// <param name="startUtc">Start of the run, UTC.</param>
    /// <param name="endUtc">End of the run, UTC, itself excluded.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="instruments">The instruments of the groups.</param>
    /// <param name="conversions">Spot pairs that only convert currencies.</param>
    /// <param name="accountCurrency">The currency of all figures.</param>
    /// <param name="host">Who plays it.</param>
    public static ScenarioFrame Of(
        DateTime startUtc,
        DateTime endUtc,
        IReadOnlyList<AccountDefinition> accounts,
        IReadOnlyList<InstrumentId> instruments,
        IReadOnlyList<InstrumentId> conversions,
        string accountCurrency,
        ScenarioHosts host)
    {
        var converted = instruments.Concat(conversions)
            .Where(id => id.Route.Kind == InstrumentKind.Spot)
            .Select(id => id.Ticker)
            .ToArray();
        return new ScenarioFrame
        {
            StartUtc = startUtc,
            EndUtc = endUtc,
            Markets = accounts.Select(account => account.Market).Distinct().ToArray(),
            Instruments = instruments,
            AccountCurrency = accountCurrency,
            Currencies = accounts
                .SelectMany(account => account.Opening.Select(entry => entry.Currency))
                .Append(accountCurrency)
                .Concat(Route.LinearQuotes.Where(quote => instruments.Any(id => id.Ticker.EndsWith(quote, StringComparison.Ordinal))))
                .Distinct()
                .ToArray(),
            Pegged = StableCoins.Where(coin => coin != accountCurrency && !converted.Contains(coin + accountCurrency)).ToArray(),
            Host = host,
        };
    }
}

/// <summary>Whether a scenario fits a run.</summary>
public static class ScenarioCheck
{
    /// <summary>Everything that is wrong, each with its remedy; empty if it can be played.</summary>
    /// <param name="scenario">From a file or the builder.</param>
    /// <param name="frame">The run.</param>
    public static IReadOnlyList<string> Run(Scenario scenario, ScenarioFrame frame)
    {
        var errors = new List<string>();
        for (var i = 0; i < scenario.Events.Count; i++)
        {
            var what = scenario.Events[i];
            var rules = ScenarioKinds.Of(what.Kind);
            var where = $"scenario {scenario.Name}, event {i + 1} ({rules.Name})";
            CheckFields(where, what, rules, errors);
            CheckNames(where, what, frame, errors);
            CheckTimes(where, what, frame, errors);
            CheckSize(where, what, errors);
            CheckHost(where, what, rules, scenario, frame, errors);
            CheckOthers(where, scenario, i, frame, errors);
        }

        return errors;
    }

    /// <summary>What a file's reader sees in the text: an event that was built by hand may lack a field, or have one too many.</summary>
    private static void CheckFields(string where, ScenarioEvent what, ScenarioKindRules rules, List<string> errors)
    {
        var given = (what.Until is null ? ScenarioFields.None : ScenarioFields.Until)
            | (what.Venue is null ? ScenarioFields.None : ScenarioFields.Venue)
            | (what.To is null ? ScenarioFields.None : ScenarioFields.To)
            | (what.Instrument is null ? ScenarioFields.None : ScenarioFields.Instrument)
            | (what.Currency is null ? ScenarioFields.None : ScenarioFields.Currency)
            | (what.Capabilities.Count == 0 ? ScenarioFields.None : ScenarioFields.Capabilities)
            | (what.Size is null ? ScenarioFields.None : ScenarioFields.Size)
            | (what.Price is null ? ScenarioFields.None : ScenarioFields.Price)
            | (what.Delay is null ? ScenarioFields.None : ScenarioFields.Delay);
        var known = rules.Needs | rules.Takes;
        foreach (var name in ScenarioReader.NamesOf(given & ~known))
        {
            errors.Add($"{where}: field '{name}' is not one of this kind: it takes {string.Join(", ", ScenarioReader.NamesOf(known).Prepend("at"))}.");
        }

        foreach (var name in ScenarioReader.NamesOf(rules.Needs & ~given))
        {
            errors.Add($"{where}: {name} is missing: this kind needs {string.Join(", ", ScenarioReader.NamesOf(rules.Needs).Prepend("at"))}.");
        }
    }

    private static void CheckNames(string where, ScenarioEvent what, ScenarioFrame frame, List<string> errors)
    {
        if (what.Venue is { } venue && !frame.Markets.Contains(venue))
        {
            errors.Add($"{where}: venue '{venue}' has no account in this run: use {string.Join(", ", frame.Markets)}.");
        }

        if (what.To is { } to && !frame.Markets.Contains(to))
        {
            errors.Add($"{where}: a route to '{to}' leads nowhere, no account is there: use {string.Join(", ", frame.Markets)}.");
        }

        if (what.To is { } same && same == what.Venue)
        {
            errors.Add($"{where}: a route from '{same}' to itself leads nowhere: give two venues, or leave one out for any.");
        }

        if (what.Instrument is { } id && !frame.Instruments.Contains(id))
        {
            errors.Add($"{where}: instrument {id} is none of this run: use {string.Join(", ", frame.Instruments)}.");
        }

        if (what.Instrument is { } one && what.Venue is { } market && one.Route.Market != market)
        {
            errors.Add($"{where}: instrument {one} is not at {market}: leave one of them out.");
        }

        if (what.Kind == ScenarioKind.Depeg && what.Currency == frame.AccountCurrency)
        {
            errors.Add($"{where}: {what.Currency} is the account currency, in which everything is measured: it cannot move against itself; choose another account-currency.");
        }
        else if (what.Currency is { } currency && !frame.Currencies.Contains(currency))
        {
            errors.Add($"{where}: currency '{currency}' is in no account of this run: use {string.Join(", ", frame.Currencies)}.");
        }

        if (ScenarioKinds.Of(what.Kind).Needs.HasFlag(ScenarioFields.Instrument)
            && what.Kind is ScenarioKind.FundingSpike or ScenarioKind.FundingInterval or ScenarioKind.ForcedLiquidation or ScenarioKind.AutoDeleveraging
            && what.Instrument is { Route.Kind: InstrumentKind.Spot } spot)
        {
            errors.Add($"{where}: {spot} is spot: only a perpetual has funding and is closed by force.");
        }
    }

    private static void CheckTimes(string where, ScenarioEvent what, ScenarioFrame frame, List<string> errors)
    {
        var at = what.At.In(frame.StartUtc);
        if (at < frame.StartUtc || at >= frame.EndUtc)
        {
            errors.Add(FormattableString.Invariant($"{where}: at {at:yyyy-MM-ddTHH:mm:ssZ} is outside the run, {frame.StartUtc:yyyy-MM-ddTHH:mm:ssZ} to {frame.EndUtc:yyyy-MM-ddTHH:mm:ssZ}: change it, or from and to."));
        }

        if (what.Until is { } until && until.In(frame.StartUtc) <= at)
        {
            errors.Add(FormattableString.Invariant($"{where}: until {until.In(frame.StartUtc):yyyy-MM-ddTHH:mm:ssZ} is not after at {at:yyyy-MM-ddTHH:mm:ssZ}."));
        }
        else if (what.Until is { } end && end.In(frame.StartUtc) >= frame.EndUtc)
        {
            errors.Add(FormattableString.Invariant($"{where}: until {end.In(frame.StartUtc):yyyy-MM-ddTHH:mm:ssZ} is outside the run, which ends at {frame.EndUtc:yyyy-MM-ddTHH:mm:ssZ}: leave it out for the rest of the run, or change it."));
        }
    }

    /// <summary>Sizes, prices and delays outside the range of their kind.</summary>
    internal static void CheckSize(string where, ScenarioEvent what, List<string> errors)
    {
        var (least, most, meaning) = what.Kind switch
        {
            ScenarioKind.WrongSideRecovery => (-0.99m, 10m, "by how much prices are off, a fraction above -1"),
            ScenarioKind.RejectStorm => (0.000001m, 1m, "the share of orders that is refused"),
            ScenarioKind.Insolvency => (0m, 1m, "the share of the money that is left"),
            ScenarioKind.ForcedLiquidation or ScenarioKind.AutoDeleveraging => (0.000001m, 1m, "the share of the position that is closed"),
            ScenarioKind.Depeg => (0m, 2m, "what a unit is worth of its rate"),
            ScenarioKind.FundingSpike => (-0.1m, 0.1m, "the rate of an interval, a fraction"),
            _ => (decimal.MinValue, decimal.MaxValue, ""),
        };
        if (what.Size is { } size && (size < least || size > most))
        {
            errors.Add(FormattableString.Invariant($"{where}: size {size} is not in {least} to {most}: it is {meaning}."));
        }

        if (what.Price is <= 0m)
        {
            errors.Add(FormattableString.Invariant($"{where}: price {what.Price} is not positive; leave it out for the mark."));
        }

        if (what.Kind == ScenarioKind.FundingInterval && what.Delay is { } interval)
        {
            if (FundingSchedule.Check(interval) is { } rule)
            {
                errors.Add($"{where}: {rule}");
            }
        }
        else if (what.Delay is { } delay && (delay <= TimeSpan.Zero || delay > TimeSpan.FromDays(1)))
        {
            errors.Add(FormattableString.Invariant($"{where}: delay {delay} is not positive and at most a day: write it as 00:00:30."));
        }
    }

    private static void CheckHost(string where, ScenarioEvent what, ScenarioKindRules rules, Scenario scenario, ScenarioFrame frame, List<string> errors)
    {
        var needsBrokerage = what.Kind == ScenarioKind.Outage && what.Capabilities.Contains(Capability.Cancel);
        if ((rules.Hosts & frame.Host) == 0 || (needsBrokerage && frame.Host == ScenarioHosts.Models))
        {
            errors.Add($"{where}: this host cannot play it exactly. {rules.Exactness}");
        }

        if (what.Kind == ScenarioKind.Depeg && !scenario.AcceptsPeg && frame.Pegged.Contains(what.Currency ?? ""))
        {
            errors.Add($"{where}: {what.Currency} is converted at a fixed peg, so LEAN's equity would not follow: write \"acceptPeg\": true to move account values alone.");
        }
    }

    /// <summary>What contradicts an earlier event, or comes too late for it.</summary>
    private static void CheckOthers(string where, Scenario scenario, int index, ScenarioFrame frame, List<string> errors)
    {
        var what = scenario.Events[index];
        var (from, until) = Span(what, frame);
        for (var i = 0; i < scenario.Events.Count; i++)
        {
            var other = scenario.Events[i];
            var (otherFrom, otherUntil) = Span(other, frame);
            var name = $"event {i + 1} ({ScenarioKinds.Of(other.Kind).Name})";
            if (i < index && from < otherUntil && otherFrom < until && Contradicts(what, other))
            {
                errors.Add($"{where}: it overlaps {name} on the same target: let one end before the other begins, or write one event.");
            }

            if (i != index && other.Kind == ScenarioKind.Insolvency && other.Venue is not null && MarketOf(what) == other.Venue && (from > otherFrom || (from == otherFrom && i < index)))
            {
                errors.Add($"{where}: {other.Venue} has failed by then, {name}: nothing more can happen there.");
            }

            if (i != index && other.Kind == ScenarioKind.Delisting && what.Instrument is { } id && id == other.Instrument && from >= otherUntil)
            {
                errors.Add($"{where}: {id} is delisted by then, {name}.");
            }
        }
    }

    private static bool Contradicts(ScenarioEvent one, ScenarioEvent other)
    {
        if (IsTransfer(one.Kind) && IsTransfer(other.Kind))
        {
            return Meets(one.Venue, other.Venue) && Meets(one.To, other.To) && Meets(one.Currency, other.Currency);
        }

        // What a venue's insolvency contradicts is told by its time, once.
        return one.Kind == other.Kind
            && one.Kind != ScenarioKind.Insolvency
            && (one.Currency ?? one.Venue ?? one.Instrument?.Route.Market) is not null
            && one.Currency == other.Currency
            && (one.Venue ?? one.Instrument?.Route.Market) == (other.Venue ?? other.Instrument?.Route.Market)
            && (one.Instrument is null || other.Instrument is null || one.Instrument == other.Instrument)
            && (one.Kind != ScenarioKind.Outage || one.Capabilities.Count == 0 || other.Capabilities.Count == 0 || one.Capabilities.Intersect(other.Capabilities).Any());
    }

    private static bool Meets(string? one, string? other) => one is null || other is null || one == other;

    private static bool IsTransfer(ScenarioKind kind) => kind is ScenarioKind.TransferStuck or ScenarioKind.TransferFailed or ScenarioKind.TransferLost;

    private static string? MarketOf(ScenarioEvent what) => IsTransfer(what.Kind) ? null : what.Venue ?? what.Instrument?.Route.Market;

    private static (DateTime From, DateTime Until) Span(ScenarioEvent what, ScenarioFrame frame)
    {
        var from = what.At.In(frame.StartUtc);
        return (from, ScenarioKinds.IsMoment(what.Kind) ? from.AddTicks(from == DateTime.MaxValue ? 0 : 1) : what.Until?.In(frame.StartUtc) ?? frame.EndUtc);
    }
}
