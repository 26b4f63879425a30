using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantConnect.Brokerages.CrossHedge.PaperExchange;

/// <summary>What a message between the paper exchange and its clients is about.</summary>
public enum PaperMessageKind
{
    /// <summary>First word of a client: protocol version and account; no account: market data only.</summary>
    Hello,

    /// <summary>The exchange lets the client in.</summary>
    Welcome,

    /// <summary>The exchange does not understand, or does not let in; <see cref="PaperMessage.Text"/> says why.</summary>
    Error,

    /// <summary>A new order: instrument, quantity, limit, the client's own id.</summary>
    Submit,

    /// <summary>Cancels an order by the client's own id or the exchange's.</summary>
    Cancel,

    /// <summary>Asks what became of an order by the client's own id.</summary>
    Query,

    /// <summary>Asks for quotes of an instrument from now on.</summary>
    Watch,

    /// <summary>The exchange has the order.</summary>
    Working,

    /// <summary>The exchange refused the order, or never had it; it never will.</summary>
    Refused,

    /// <summary>A part of an order traded, or the venue closed a position by force: then without an order.</summary>
    Execution,

    /// <summary>The order is over.</summary>
    Over,

    /// <summary>The exchange did not cancel.</summary>
    CancelRefused,

    /// <summary>The account as it stands; also the sign of life, each second.</summary>
    Account,

    /// <summary>Best bid and ask.</summary>
    Quote,

    /// <summary>A funding payment: instrument, position, mark, rate and amount.</summary>
    Funding,

    /// <summary>A person moves money between accounts, from a connection without an account: account, to, currency and amount.</summary>
    Transfer,

    /// <summary>Money that the venue does not pay back, or does not ask for: currency and amount.</summary>
    WriteOff,
}

/// <summary>
/// A message of the paper exchange's protocol: one JSON object a line, UTF-8, over a local connection. Nothing is an answer
/// that somebody waits for: what happens comes as a message of its own. Quantities in contracts, signed; prices in the
/// settlement currency; times UTC.
/// </summary>
public sealed record PaperMessage
{
    /// <summary>Of the protocol.</summary>
    public const int CurrentVersion = 1;

    /// <summary>A longer line is none of this protocol.</summary>
    public const int MaximumLength = 1 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>What it is about.</summary>
    public required PaperMessageKind Kind { get; init; }

    /// <summary>Of the protocol, in the first word of each side.</summary>
    public int? Version { get; init; }

    /// <summary>The account.</summary>
    public string? Account { get; init; }

    /// <summary>When it happened at the exchange.</summary>
    public DateTime? TimeUtc { get; init; }

    /// <summary>As <c>market:kind:ticker</c>.</summary>
    public string? Instrument { get; init; }

    /// <summary>The client's own id of an order; the exchange takes each only once.</summary>
    public string? ClientId { get; init; }

    /// <summary>The exchange's id of an order.</summary>
    public int? OrderId { get; init; }

    /// <summary>The whole order, or what traded.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>For an order that rests at that price; none for a market order.</summary>
    public decimal? Limit { get; init; }

    /// <summary>All that an order traded so far.</summary>
    public decimal? Filled { get; init; }

    /// <summary>Of an execution.</summary>
    public decimal? Price { get; init; }

    /// <summary>Of an execution: a cost is positive.</summary>
    public decimal? Fee { get; init; }

    /// <summary>Of the fee.</summary>
    public string? FeeCurrency { get; init; }

    /// <summary>The exchange's number of an execution: the same number is the same execution.</summary>
    public long? ExecutionId { get; init; }

    /// <summary>Of funding: a fraction; positive: longs pay.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Of funding and write-offs, as the account sees it: positive comes in.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Of a transfer: the account that gets it.</summary>
    public string? To { get; init; }

    /// <summary>Of a write-off or a transfer.</summary>
    public string? Currency { get; init; }

    /// <summary>Of an execution without an order: whether it is a liquidation.</summary>
    public bool? IsLiquidation { get; init; }

    /// <summary>Of an account: what its venue says that it does not do now, as in <c>trade</c>; null: it does everything.</summary>
    public IReadOnlyList<string>? Down { get; init; }

    /// <summary>Of an account: instruments that take exits only; null: none.</summary>
    public IReadOnlyList<string>? ExitsOnly { get; init; }

    /// <summary>Of an account: the leverage that its initial margin is reckoned by.</summary>
    public decimal? Leverage { get; init; }

    /// <summary>Why, for a person.</summary>
    public string? Text { get; init; }

    /// <summary>Of a quote.</summary>
    public decimal? Bid { get; init; }

    /// <summary>Contracts at the bid.</summary>
    public decimal? BidSize { get; init; }

    /// <summary>Of a quote.</summary>
    public decimal? Ask { get; init; }

    /// <summary>Contracts at the ask.</summary>
    public decimal? AskSize { get; init; }

    /// <summary>Of an account: all of each currency, coins too.</summary>
    public IReadOnlyList<PaperBalance>? Balances { get; init; }

    /// <summary>Of an account: its perpetuals.</summary>
    public IReadOnlyList<PaperPosition>? Positions { get; init; }

    /// <summary>Of an account: its open orders.</summary>
    public IReadOnlyList<PaperOrder>? Orders { get; init; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">One JSON object.</param>
    /// <param name="error">What is wrong with it; null if it was read.</param>
    public static PaperMessage? Read(string line, out string? error)
    {
        error = null;
        if (line.Length > MaximumLength)
        {
            error = $"a line of {line.Length} characters is longer than {MaximumLength}";
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize<PaperMessage>(line, Options) is { } message)
            {
                return message;
            }

            error = "null is no message";
        }
        catch (JsonException exception)
        {
            error = $"not a message of this protocol: {exception.Message}";
        }

        return null;
    }

    /// <summary>The message as a line, without its end.</summary>
    public string Write() => JsonSerializer.Serialize(this, Options);
}

/// <summary>One currency of an account.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">All of it.</param>
public sealed record PaperBalance(string Currency, decimal Amount);

/// <summary>One perpetual of an account.</summary>
/// <param name="Instrument">As <c>market:kind:ticker</c>.</param>
/// <param name="Quantity">Contracts, signed.</param>
/// <param name="AveragePrice">In the settlement currency.</param>
public sealed record PaperPosition(string Instrument, decimal Quantity, decimal AveragePrice);

/// <summary>One open order of an account.</summary>
/// <param name="OrderId">The exchange's id.</param>
/// <param name="ClientId">The client's own id.</param>
/// <param name="Instrument">As <c>market:kind:ticker</c>.</param>
/// <param name="Quantity">The whole order, signed.</param>
/// <param name="Filled">What traded of it, signed.</param>
/// <param name="Limit">None for a market order.</param>
public sealed record PaperOrder(int OrderId, string ClientId, string Instrument, decimal Quantity, decimal Filled, decimal? Limit);
