namespace QuantConnect.Interfaces
{
    /// <summary>Brings live data.</summary>
    public interface IDataQueueHandler : IDisposable
    {
        bool IsConnected { get; }
        IEnumerator<BaseData> Subscribe(SubscriptionDataConfig dataConfig, EventHandler newDataAvailableHandler);
        void Unsubscribe(SubscriptionDataConfig dataConfig);
        void SetJob(LiveNodePacket job);
    }
}

namespace QuantConnect.Data
{
    /// <summary>What history is asked for.</summary>
    public class HistoryRequest
    {
        public Symbol Symbol { get; set; }

        public HistoryRequest(SubscriptionDataConfig config, SecurityExchangeHours hours, DateTime startTimeUtc, DateTime endTimeUtc) => Symbol = config.Symbol;
    }

    /// <summary>Makes bars of live ticks.</summary>
    public interface IDataAggregator : IDisposable
    {
        IEnumerator<BaseData> Add(SubscriptionDataConfig dataConfig, EventHandler newDataAvailableHandler);
        bool Remove(SubscriptionDataConfig dataConfig);
        void Update(BaseData input);
    }
}

namespace QuantConnect.Data.Market
{
    /// <summary>A quote at one moment.</summary>
    public class Tick : BaseData
    {
        public decimal BidPrice { get; set; }
        public decimal BidSize { get; set; }
        public decimal AskPrice { get; set; }
        public decimal AskSize { get; set; }

        public Tick(DateTime time, Symbol symbol, decimal bidSize, decimal bidPrice, decimal askSize, decimal askPrice)
        {
            DataType = MarketDataType.Tick;
            (Time, Symbol, BidSize, BidPrice, AskSize, AskPrice) = (time, symbol, bidSize, bidPrice, askSize, askPrice);
            Value = (bidPrice + askPrice) / 2m;
        }
    }
}
