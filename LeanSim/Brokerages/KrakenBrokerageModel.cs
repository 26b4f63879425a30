namespace QuantConnect.Brokerages;

/// <summary>Kraken spot: leverage by coin in a margin account, no updates.</summary>
public class KrakenBrokerageModel(AccountType accountType = AccountType.Cash) : DefaultBrokerageModel(accountType)
{
    private static readonly string[] _fiats = ["USD", "EUR"];
    private static readonly string[] _againstFiatOnly = ["BTC", "USDT", "USDC"];
    private static readonly string[] _alsoAgainstEther = ["REP", "XTZ", "ADA", "EOS", "TRX", "LINK"];
    public override IReadOnlyDictionary<SecurityType, string> DefaultMarkets { get; } = MarketsWith(Market.Kraken, SecurityType.Crypto);

    public IReadOnlyDictionary<string, decimal> CoinLeverage { get; } =
        "BTC:5 ETH:5 USDT:2 XMR:2 REP:2 XRP:3 BCH:2 XTZ:2 LTC:3 ADA:3 EOS:3 DASH:3 TRX:3 LINK:3 USDC:3".Split(' ')
            .Select(x => x.Split(':')).ToDictionary(x => x[0], x => x[1].ToDecimal());

    public override bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message)
    {
        if (!IsValidOrderSize(security, order.Quantity, out message))
            return false;
        if (security.Type != SecurityType.Crypto)
            return Refuse(BrokerageMessageEvent.TypeNotSupported(this, security), out message);
        if (order.Type is not (OrderType.Limit or OrderType.Market))
            return Refuse(BrokerageMessageEvent.OrderTypeNotSupported(this, order), out message);
        return base.CanSubmitOrder(security, order, out message);
    }

    public override bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message) =>
        Refuse(BrokerageMessageEvent.NoUpdates(), out message);

    public override IFeeModel GetFeeModel(Security security) => new KrakenFeeModel();

    public override decimal GetLeverage(Security security)
    {
        if (AccountType == AccountType.Cash)
            return 1m;
        var coin = Find(_againstFiatOnly, _fiats)
            ?? Find(_alsoAgainstEther, [.. _fiats, "BTC", "ETH"]) ?? Find(CoinLeverage.Keys, [.. _fiats, "BTC"]);
        return coin == null ? 1m : CoinLeverage[coin];
        string Find(IEnumerable<string> coins, string[] quotes)
        {
            var quoted = quotes.Any(x => security.Symbol.Value.EndsWith(x, StringComparison.Ordinal));
            return quoted ? coins.FirstOrDefault(x => security.Symbol.ID.Symbol.StartsWith(x, StringComparison.Ordinal)) : null;
        }
    }

    public override IBenchmark GetBenchmark(SecurityManager securities) =>
        SecurityBenchmark.CreateInstance(securities, Symbol.Create("BTCUSD", SecurityType.Crypto, Market.Kraken));
}
