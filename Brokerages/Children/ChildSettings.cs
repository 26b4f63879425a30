using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Venues;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Configuration;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>One child of the composite: a LEAN brokerage behind one login.</summary>
/// <param name="Name">The account, as the algorithm's parameters call it.</param>
/// <param name="Brokerage">The type name of the LEAN brokerage, as in <c>BinanceBrokerage</c>.</param>
/// <param name="Routes">What it trades.</param>
/// <param name="IsRequired">Whether trading does not start without it.</param>
public sealed record ChildSettings(string Name, string Brokerage, IReadOnlyList<Route> Routes, bool IsRequired)
{
    /// <summary>The venue.</summary>
    public string Market => Routes[0].Market;

    /// <summary>Whether it trades at the paper exchange.</summary>
    internal bool IsPaper => Brokerage == nameof(PaperBrokerage) || Brokerage == typeof(PaperBrokerage).FullName;

    /// <summary>
    /// The account of the venue that it uses, where its plugin can use both: cash, or margin, with which a plugin may also
    /// send spot orders that borrow. Null: as the plugin does by itself.
    /// </summary>
    public AccountType? AccountType { get; init; }
}

/// <summary>How the composite watches its children. In LEAN's configuration under <c>crosshedge-</c> and the name in small letters.</summary>
public sealed record CompositeSettings
{
    /// <summary>The configuration key that lists the children.</summary>
    public const string ChildrenKey = "crosshedge-children";

    /// <summary>In a child's own data: the name that the child has here.</summary>
    public const string AccountKey = "crosshedge-account";

    /// <summary>The children, in the order of the configuration.</summary>
    public IReadOnlyList<ChildSettings> Children { get; init; } = [];

    /// <summary>How long a required child may take to connect and to answer for the first time; <c>crosshedge-connect-timeout</c>.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a child's balances and positions are asked for; <c>crosshedge-poll-period</c>.</summary>
    public TimeSpan PollPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A child that has not answered for so long is down; <c>crosshedge-silence</c>.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often LEAN's cash book follows the venues; <c>crosshedge-cash-sync</c>.</summary>
    public TimeSpan CashSync { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>An order that waits behind others for longer is not sent any more; <c>crosshedge-order-deadline</c>.</summary>
    public TimeSpan OrderDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether working orders are canceled when the algorithm stops; <c>crosshedge-cancel-on-stop</c>.</summary>
    public bool CancelOnStop { get; init; } = true;

    /// <summary>An event of an order that LEAN does not know is kept so long; <c>crosshedge-unknown-order</c>.</summary>
    public TimeSpan UnknownOrder { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether nothing is sent: orders are said, and filled here, see <see cref="ObservedBrokerage"/>; <c>crosshedge-observe</c>.</summary>
    public bool Observe { get; init; }

    /// <summary>The journal's file; empty: none is kept, which only children of the paper exchange allow; <c>crosshedge-journal</c>.</summary>
    public string Journal { get; init; } = "";

    /// <summary>Texts of an Invalid event that are certain refusals, besides those of <see cref="DefiniteRefusals"/>; <c>crosshedge-definite-refusals</c>, with commas.</summary>
    public IReadOnlyList<string> CertainRefusals { get; init; } = [];

    /// <summary>All keys but those of the children's own settings.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        ChildrenKey, "crosshedge-connect-timeout", "crosshedge-poll-period", "crosshedge-silence", "crosshedge-cash-sync", "crosshedge-order-deadline", "crosshedge-cancel-on-stop", "crosshedge-unknown-order",
        "crosshedge-observe", SqliteJournalStore.PathKey, "crosshedge-definite-refusals",
    ];

    /// <summary>The key under which a child's own setting stands: two children of one kind would else share it.</summary>
    public static string KeyOf(string child, string key) => $"crosshedge-{child}-{key}";

    /// <summary>Reads the settings.</summary>
    /// <param name="data">Values by key; missing ones have their defaults.</param>
    /// <param name="errors">Gets everything that is wrong, each with its remedy.</param>
    public static CompositeSettings Read(IReadOnlyDictionary<string, string> data, ICollection<string> errors)
    {
        var settings = new CompositeSettings();
        return settings with
        {
            Children = ReadChildren(data.GetValueOrDefault(ChildrenKey) ?? "", errors),
            ConnectTimeout = Span("crosshedge-connect-timeout", settings.ConnectTimeout),
            PollPeriod = Span("crosshedge-poll-period", settings.PollPeriod),
            Silence = Span("crosshedge-silence", settings.Silence),
            CashSync = Span("crosshedge-cash-sync", settings.CashSync),
            OrderDeadline = Span("crosshedge-order-deadline", settings.OrderDeadline),
            CancelOnStop = Flag("crosshedge-cancel-on-stop", settings.CancelOnStop),
            UnknownOrder = Span("crosshedge-unknown-order", settings.UnknownOrder),
            Observe = Flag("crosshedge-observe", settings.Observe),
            Journal = data.GetValueOrDefault(SqliteJournalStore.PathKey) ?? "",
            CertainRefusals = (data.GetValueOrDefault("crosshedge-definite-refusals") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };

        bool Flag(string key, bool usual)
        {
            if (!data.TryGetValue(key, out var text) || text.Length == 0)
            {
                return usual;
            }

            if (bool.TryParse(text, out var flag))
            {
                return flag;
            }

            errors.Add($"{key} '{text}' is neither true nor false.");
            return usual;
        }

        TimeSpan Span(string key, TimeSpan usual)
        {
            if (!data.TryGetValue(key, out var text) || text.Length == 0)
            {
                return usual;
            }

            if (TimeSpan.TryParseExact(text, "c", null, out var span) && span > TimeSpan.Zero && span <= TimeSpan.FromDays(1))
            {
                return span;
            }

            errors.Add($"{key} '{text}' is no time above zero and at most a day: write it as 00:00:05.");
            return usual;
        }
    }

    /// <summary>The settings as LEAN's configuration has them.</summary>
    public static Dictionary<string, string> FromConfig()
        => Keys.Select(key => (Key: key, Value: Config.Get(key))).Where(entry => entry.Value.Length > 0).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static List<ChildSettings> ReadChildren(string text, ICollection<string> errors)
    {
        const string Example = """[{ "name": "bybit", "brokerage": "PaperBrokerage", "routes": ["bybit:spot", "bybit:perpetual"] }]""";
        var children = new List<ChildSettings>();
        JArray? array = null;
        try
        {
            array = text.Length == 0 ? null : JToken.Parse(text) as JArray;
        }
        catch (JsonReaderException error)
        {
            errors.Add($"{ChildrenKey} is no JSON ({error.Message.TrimEnd('.')}): write it as {Example}.");
            return children;
        }

        if (array is null || array.Count == 0)
        {
            errors.Add($"{ChildrenKey} lists no child: write it as {Example}.");
            return children;
        }

        foreach (var (token, index) in array.Select((token, index) => (token, index)))
        {
            if (ReadChild(token, $"{ChildrenKey}, child {index + 1}", errors) is { } child)
            {
                children.Add(child);
            }
        }

        foreach (var same in children.GroupBy(child => child.Name).Where(same => same.Count() > 1))
        {
            errors.Add($"{ChildrenKey}: {same.Count()} children are called {same.Key}: a child is one account.");
        }

        foreach (var same in children.SelectMany(child => child.Routes.Select(route => (route, child.Name))).GroupBy(entry => entry.route).Where(same => same.Count() > 1))
        {
            errors.Add($"{ChildrenKey}: the route {same.Key} is claimed by {string.Join(" and ", same.Select(entry => entry.Name))}: a route belongs to one child.");
        }

        return children;
    }

    private static ChildSettings? ReadChild(JToken token, string where, ICollection<string> errors)
    {
        var before = errors.Count;
        if (token is not JObject child)
        {
            errors.Add($"{where}: {token.ToString(Formatting.None)} is no object with name, brokerage and routes.");
            return null;
        }

        foreach (var property in child.Properties().Where(property => property.Name is not ("name" or "brokerage" or "routes" or "required" or "account-type")))
        {
            errors.Add($"{where}: '{property.Name}' is unknown: use name, brokerage, routes, required, account-type.");
        }

        var name = Text("name");
        var brokerage = Text("brokerage");
        var routes = new List<Route>();
        if (child["routes"] is not JArray { Count: > 0 } list)
        {
            errors.Add($"{where}: routes is missing: list them as [\"binance:spot\"].");
        }
        else
        {
            foreach (var item in list)
            {
                if (item.Type == JTokenType.String && Route.TryParse((string)item!, out var route) && route.IsKnown)
                {
                    routes.Add(route);
                }
                else
                {
                    errors.Add($"{where}: the route {item.ToString(Formatting.None)} is unknown: use {Route.KnownNames}.");
                }
            }

            if (routes.Select(route => route.Market).Distinct().Count() > 1)
            {
                errors.Add($"{where}: its routes are of {string.Join(" and ", routes.Select(route => route.Market).Distinct())}: a child is one login at one venue.");
            }
        }

        var required = child["required"];
        if (required is not (null or { Type: JTokenType.Boolean }))
        {
            errors.Add($"{where}: required {required.ToString(Formatting.None)} is neither true nor false.");
        }

        AccountType? accountType = null;
        if (child["account-type"] is { } type)
        {
            accountType = type.Type == JTokenType.String ? (string?)type switch { "cash" => QuantConnect.AccountType.Cash, "margin" => QuantConnect.AccountType.Margin, _ => null } : null;
            if (accountType is null)
            {
                errors.Add($"{where}: account-type {type.ToString(Formatting.None)} is neither \"cash\" nor \"margin\".");
            }
        }

        return errors.Count > before ? null : new ChildSettings(name, brokerage, routes, (bool?)required ?? true) { AccountType = accountType };

        string Text(string key)
        {
            if (child[key] is { Type: JTokenType.String } value && ((string)value!).Length > 0)
            {
                return (string)value!;
            }

            errors.Add($"{where}: {key} is missing.");
            return "";
        }
    }
}
