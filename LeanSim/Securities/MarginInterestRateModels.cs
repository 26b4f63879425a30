namespace QuantConnect.Securities
{
    /// <summary>Books interest or funding on a position; asked every hour.</summary>
    public interface IMarginInterestRateModel
    {
        void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters);
    }

    /// <summary>The absent interest model.</summary>
    public static class MarginInterestRateModel
    {
        public static readonly IMarginInterestRateModel Null = new NullMarginInterestRateModel();
        private sealed class NullMarginInterestRateModel : IMarginInterestRateModel
        {
            public void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters) { }
        }
    }

    /// <summary>The security and the UTC time for which interest is asked.</summary>
    public class MarginInterestRateParameters(Security security, DateTime time)
    {
        public Security Security { get; } = security;
        public DateTime Time { get; } = time;
    }
}

namespace QuantConnect.Securities.CryptoFuture
{
    /// <summary>
    /// Funding at 00:00, 08:00 and 16:00 UTC at the last known rate, however old; longs pay a positive rate.
    /// The first boundary is the first one after the first hourly call that saw the position.
    /// </summary>
    public class BinanceFutureMarginInterestRateModel : IMarginInterestRateModel
    {
        private DateTime _next = DateTime.MaxValue;
        public void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters)
        {
            var security = marginInterestRateParameters.Security;
            var time = marginInterestRateParameters.Time;
            if (!security.Invested)
            {
                _next = DateTime.MaxValue;
                return;
            }
            if (_next == DateTime.MaxValue)
                _next = BoundaryAfter(time);
            var rate = ((CryptoFuture)security).Cache.GetData<MarginInterestRate>();
            if (rate == null)
                return;
            for (; _next <= time; _next = BoundaryAfter(_next))
            {
                var notional = security.Holdings.GetQuantityValue(security.Holdings.Quantity);
                notional.Cash.AddAmount(-(rate.InterestRate * notional.Amount));
            }
        }
        private static DateTime BoundaryAfter(DateTime time) => time.Date.AddHours(time.Hour / 8 * 8 + 8);
    }

    /// <summary>The same schedule as Binance's.</summary>
    public class BybitFutureMarginInterestRateModel : BinanceFutureMarginInterestRateModel;
}
