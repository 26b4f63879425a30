namespace QuantConnect.Brokerages;

/// <summary>Names of brokerage models.</summary>
public enum BrokerageName
{
    Default, QuantConnectBrokerage = Default, InteractiveBrokersBrokerage, TradierBrokerage, OandaBrokerage, FxcmBrokerage, Bitfinex,
    Binance, GDAX = 12, Alpaca, AlphaStreams, Zerodha, Samco, Atreyu, TradingTechnologies, Kraken, FTX, FTXUS, Exante, BinanceUS, Wolverine,
    TDAmeritrade, BinanceFutures, BinanceCoinFutures, RBI, Bybit, Eze, Axos, Coinbase, TradeStation, TerminalLink, CharlesSchwab,
    Tastytrade, InteractiveBrokersFix, DYDX, Webull, Public, BloombergFix
}
