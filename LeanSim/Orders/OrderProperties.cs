namespace QuantConnect.Interfaces
{
    /// <summary>Venue-specific settings of an order.</summary>
    public interface IOrderProperties
    {
        QuantConnect.Orders.TimeInForce TimeInForce { get; set; }
        IOrderProperties Clone();
    }
}

namespace QuantConnect.Orders
{
    /// <summary>Settings that every order has.</summary>
    public class OrderProperties : IOrderProperties
    {
        public OrderProperties() => TimeInForce = TimeInForce.GoodTilCanceled;
        public TimeInForce TimeInForce { get; set; }
        public virtual IOrderProperties Clone() => (IOrderProperties)MemberwiseClone();
    }

    /// <summary>Order settings of Binance.</summary>
    public class BinanceOrderProperties : OrderProperties
    {
        public bool PostOnly { get; set; }
        public override IOrderProperties Clone() => (IOrderProperties)MemberwiseClone();
    }

    /// <summary>Order settings of Bybit.</summary>
    public class BybitOrderProperties : OrderProperties
    {
        public bool PostOnly { get; set; }
    }

    /// <summary>Order settings of Coinbase.</summary>
    public class CoinbaseOrderProperties : OrderProperties
    {
        public bool PostOnly { get; set; }
    }

    /// <summary>Order settings of Kraken; the fee is taken in one currency, so setting one flag clears the other.</summary>
    public class KrakenOrderProperties : OrderProperties
    {
        private bool? _feeInBase;
        public bool PostOnly { get; set; }
        public bool FeeInBase
        {
            get => _feeInBase == true;
            set => _feeInBase = value ? true : _feeInBase;
        }
        public bool FeeInQuote
        {
            get => _feeInBase == false;
            set => _feeInBase = value ? false : _feeInBase;
        }
    }

    /// <summary>How long an order stays open; LeanSim has GoodTilCanceled only.</summary>
    public abstract class TimeInForce
    {
        public static readonly TimeInForce GoodTilCanceled = new GoodTilCanceledTimeInForce();
        public abstract bool IsOrderExpired(Security security, Order order);
        public abstract bool IsFillValid(Security security, Order order, OrderEvent fill);
    }
}

namespace QuantConnect.Orders.TimeInForces
{
    /// <summary>Open until filled or canceled.</summary>
    public class GoodTilCanceledTimeInForce : TimeInForce
    {
        public override bool IsOrderExpired(Security security, Order order) => false;
        public override bool IsFillValid(Security security, Order order, OrderEvent fill) => true;
    }
}
