using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuantConnect.Orders;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>What a record of the journal tells.</summary>
internal enum JournalRecordKind
{
    /// <summary>A process began: its number, configuration and accounts.</summary>
    RunStarted,

    /// <summary>An order is about to leave.</summary>
    Intent,

    /// <summary>The order was given to its child: from here on the venue may have it.</summary>
    HandedOver,

    /// <summary>The venue has it, under ids of its own.</summary>
    Accepted,

    /// <summary>The venue does not have it and never will, or it was never sent.</summary>
    Refused,

    /// <summary>Nobody can say whether the venue has it.</summary>
    Unknown,

    /// <summary>It is known now whether the venue has, or had, it.</summary>
    Resolved,

    /// <summary>A part of an order traded, or the venue traded without one.</summary>
    Execution,

    /// <summary>The order is over.</summary>
    Over,

    /// <summary>A cancel was sent.</summary>
    CancelAsked,

    /// <summary>The order was changed.</summary>
    Updated,

    /// <summary>Money or coins moved between accounts, or in or out.</summary>
    Transfer,

    /// <summary>A person's command.</summary>
    Command,

    /// <summary>A position as the venue showed it.</summary>
    Position,

    /// <summary>A balance as the venue showed it.</summary>
    Balance,

    /// <summary>A process ended in order.</summary>
    RunEnded,

    /// <summary>Records before this one may be missing.</summary>
    Doubt,

    /// <summary>A person, or a reconciliation, has settled what the doubt was about.</summary>
    Trust,

    /// <summary>The sums of records that were compacted away.</summary>
    Summary,
}

/// <summary>
/// One record of the journal; which figures it has depends on its kind. Quantities in contracts, signed: a purchase is
/// positive; prices in the settlement currency; fees positive where they cost; times UTC. Written as one JSON object, in
/// which decimals and times are exact.
/// </summary>
internal sealed record JournalRecord
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>What it tells.</summary>
    public required JournalRecordKind Kind { get; init; }

    /// <summary>When it was written, or happened at the venue.</summary>
    public required DateTime TimeUtc { get; init; }

    /// <summary>The account; of a transfer: from which it goes, null: from outside.</summary>
    public string? Account { get; init; }

    /// <summary>Of a transfer: the account that gets it; null: it leaves.</summary>
    public string? To { get; init; }

    /// <summary>LEAN's id, which begins anew with each run.</summary>
    public int? OrderId { get; init; }

    /// <summary>Our own id, never used twice.</summary>
    public string? ClientId { get; init; }

    /// <summary>As <c>market:kind:ticker</c>.</summary>
    public string? Instrument { get; init; }

    /// <summary>Of an intent or a change the whole order, of an execution what traded, of the rest the amount.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>None for a market order.</summary>
    public decimal? Limit { get; init; }

    /// <summary>LEAN's tag of the order.</summary>
    public string? Tag { get; init; }

    /// <summary>The venue's ids of an order.</summary>
    public IReadOnlyList<string>? VenueIds { get; init; }

    /// <summary>Why, or a command as it was given.</summary>
    public string? Text { get; init; }

    /// <summary>Of a resolution: whether the venue has, or had, the order.</summary>
    public bool? Found { get; init; }

    /// <summary>Of an execution.</summary>
    public decimal? Price { get; init; }

    /// <summary>Of an execution.</summary>
    public decimal? Fee { get; init; }

    /// <summary>Of the fee.</summary>
    public string? FeeCurrency { get; init; }

    /// <summary>The venue's id of an execution, if it tells one: the same id is the same execution.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>LEAN's id of the order event.</summary>
    public long? EventId { get; init; }

    /// <summary>How an order ended.</summary>
    public OrderStatus? Status { get; init; }

    /// <summary>Of a transfer or a balance.</summary>
    public string? Currency { get; init; }

    /// <summary>The number of a run, or of that which sends an order; of a summary: of the last one when it was made.</summary>
    public int? Run { get; init; }

    /// <summary>Of a run: what it was configured for.</summary>
    public string? Configuration { get; init; }

    /// <summary>Of a run.</summary>
    public IReadOnlyList<string>? Accounts { get; init; }

    /// <summary>Of a summary: how many orders are in it.</summary>
    public long? Orders { get; init; }

    /// <summary>Of a summary.</summary>
    public IReadOnlyList<JournalTotal>? Totals { get; init; }

    public static JournalRecord RunStarted(DateTime timeUtc, int run, string configuration, IReadOnlyList<string> accounts)
        => new() { Kind = JournalRecordKind.RunStarted, TimeUtc = timeUtc, Run = run, Configuration = configuration, Accounts = accounts };

    public static JournalRecord Intent(DateTime timeUtc, int run, string account, int orderId, string clientId, string instrument, decimal quantity, decimal? limit, string? tag)
        => new() { Kind = JournalRecordKind.Intent, TimeUtc = timeUtc, Run = run, Account = account, OrderId = orderId, ClientId = clientId, Instrument = instrument, Quantity = quantity, Limit = limit, Tag = tag };

    public static JournalRecord HandedOver(DateTime timeUtc, string account, string clientId)
        => new() { Kind = JournalRecordKind.HandedOver, TimeUtc = timeUtc, Account = account, ClientId = clientId };

    public static JournalRecord Accepted(DateTime timeUtc, string account, string clientId, IReadOnlyList<string> venueIds)
        => new() { Kind = JournalRecordKind.Accepted, TimeUtc = timeUtc, Account = account, ClientId = clientId, VenueIds = venueIds };

    public static JournalRecord Refused(DateTime timeUtc, string account, string clientId, string text)
        => new() { Kind = JournalRecordKind.Refused, TimeUtc = timeUtc, Account = account, ClientId = clientId, Text = text };

    public static JournalRecord Unknown(DateTime timeUtc, string account, string clientId, string text)
        => new() { Kind = JournalRecordKind.Unknown, TimeUtc = timeUtc, Account = account, ClientId = clientId, Text = text };

    public static JournalRecord Resolved(DateTime timeUtc, string account, string clientId, bool found, string? text = null)
        => new() { Kind = JournalRecordKind.Resolved, TimeUtc = timeUtc, Account = account, ClientId = clientId, Found = found, Text = text };

    public static JournalRecord Execution(DateTime timeUtc, string account, string? clientId, string instrument, decimal quantity, decimal price, decimal fee, string? feeCurrency, string? executionId, long? eventId)
        => new() { Kind = JournalRecordKind.Execution, TimeUtc = timeUtc, Account = account, ClientId = clientId, Instrument = instrument, Quantity = quantity, Price = price, Fee = fee, FeeCurrency = feeCurrency, ExecutionId = executionId, EventId = eventId };

    public static JournalRecord Over(DateTime timeUtc, string account, string clientId, OrderStatus status)
        => new() { Kind = JournalRecordKind.Over, TimeUtc = timeUtc, Account = account, ClientId = clientId, Status = status };

    public static JournalRecord CancelAsked(DateTime timeUtc, string account, string clientId)
        => new() { Kind = JournalRecordKind.CancelAsked, TimeUtc = timeUtc, Account = account, ClientId = clientId };

    public static JournalRecord Updated(DateTime timeUtc, string account, string clientId, decimal quantity, decimal? limit)
        => new() { Kind = JournalRecordKind.Updated, TimeUtc = timeUtc, Account = account, ClientId = clientId, Quantity = quantity, Limit = limit };

    public static JournalRecord Transfer(DateTime timeUtc, string? from, string? to, string currency, decimal quantity, string? text = null)
        => new() { Kind = JournalRecordKind.Transfer, TimeUtc = timeUtc, Account = from, To = to, Currency = currency, Quantity = quantity, Text = text };

    public static JournalRecord Command(DateTime timeUtc, string text)
        => new() { Kind = JournalRecordKind.Command, TimeUtc = timeUtc, Text = text };

    public static JournalRecord Position(DateTime timeUtc, string account, string instrument, decimal quantity)
        => new() { Kind = JournalRecordKind.Position, TimeUtc = timeUtc, Account = account, Instrument = instrument, Quantity = quantity };

    public static JournalRecord Balance(DateTime timeUtc, string account, string currency, decimal quantity)
        => new() { Kind = JournalRecordKind.Balance, TimeUtc = timeUtc, Account = account, Currency = currency, Quantity = quantity };

    public static JournalRecord RunEnded(DateTime timeUtc, int run, string? text = null)
        => new() { Kind = JournalRecordKind.RunEnded, TimeUtc = timeUtc, Run = run, Text = text };

    public static JournalRecord Doubt(DateTime timeUtc, string text)
        => new() { Kind = JournalRecordKind.Doubt, TimeUtc = timeUtc, Text = text };

    public static JournalRecord Trust(DateTime timeUtc, string text)
        => new() { Kind = JournalRecordKind.Trust, TimeUtc = timeUtc, Text = text };

    public static JournalRecord Summary(DateTime timeUtc, int run, long orders, IReadOnlyList<JournalTotal> totals)
        => new() { Kind = JournalRecordKind.Summary, TimeUtc = timeUtc, Run = run, Orders = orders, Totals = totals };

    /// <summary>Reads a record.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="FormatException">It is none; says why.</exception>
    public static JournalRecord Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize<JournalRecord>(json, Options) ?? throw new FormatException("the record is null");
            return record.Missing() is { } missing ? throw new FormatException($"the record of kind {record.Kind} lacks {missing}") : record;
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    }

    /// <summary>The record as UTF-8 JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Names the first figure that a record of this kind must have and that this one lacks; null: complete.</summary>
    public string? Missing()
    {
        if (TimeUtc.Kind != DateTimeKind.Utc)
        {
            return "a time in UTC";
        }

        return Kind switch
        {
            JournalRecordKind.RunStarted => Run is null ? "its number" : Configuration is null ? "its configuration" : Accounts is null ? "its accounts" : null,
            JournalRecordKind.RunEnded => Run is null ? "its number" : null,
            JournalRecordKind.Intent => OfOrder() ?? (Run is null ? "its run" : OrderId is null ? "LEAN's order id" : Instrument is null ? "an instrument" : Quantity is null or 0m ? "a quantity" : null),
            JournalRecordKind.Accepted => OfOrder() ?? (VenueIds is null ? "the venue's order ids" : null),
            JournalRecordKind.Refused or JournalRecordKind.Unknown => OfOrder() ?? (Text is null ? "a reason" : null),
            JournalRecordKind.Resolved => OfOrder() ?? (Found is null ? "whether the order was found" : null),
            JournalRecordKind.Execution => Account is null ? "an account" : Instrument is null ? "an instrument" : Quantity is null or 0m ? "a quantity" : Price is null ? "a price" : Fee is null ? "a fee" : Fee != 0m && FeeCurrency is null ? "the fee's currency" : null,
            JournalRecordKind.Over => OfOrder() ?? (Status is null ? "a status" : null),
            JournalRecordKind.HandedOver or JournalRecordKind.CancelAsked => OfOrder(),
            JournalRecordKind.Updated => OfOrder() ?? (Quantity is null or 0m ? "a quantity" : null),
            JournalRecordKind.Transfer => Account is null && To is null ? "an account" : Currency is null ? "a currency" : Quantity is null ? "a quantity" : null,
            JournalRecordKind.Command or JournalRecordKind.Doubt or JournalRecordKind.Trust => Text is null ? "a text" : null,
            JournalRecordKind.Position => Account is null ? "an account" : Instrument is null ? "an instrument" : Quantity is null ? "a quantity" : null,
            JournalRecordKind.Balance => Account is null ? "an account" : Currency is null ? "a currency" : Quantity is null ? "a quantity" : null,
            JournalRecordKind.Summary => Run is null ? "its last run" : Orders is null ? "its orders" : Totals is null ? "its sums" : null,
            _ => "a known kind",
        };

        string? OfOrder() => Account is null ? "an account" : ClientId is null ? "a client order id" : null;
    }

    /// <inheritdoc />
    public override string ToString() => Encoding.UTF8.GetString(Write());
}
