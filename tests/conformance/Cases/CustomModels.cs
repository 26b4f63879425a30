using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Data.Market;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Orders.Fills;
using QuantConnect.Securities;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Models of the algorithm's own in LEAN's places: fills in parts and late, a fee in a third coin, a portfolio model that watches each
/// fill, a funding model that pays each hour, a buying-power model that refuses, cash moved by hand.
/// </summary>
public sealed class CustomModels : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_coin = Feed.Spot(Market.Binance, "BNBUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Binance, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _perpetual = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "custom-models", "the algorithm's own reality models in LEAN's places", "CustomModels.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 1, new PriceWalk(231, 61_000m, 0.01m, 600), spread: 1m)
                .Minutes(s_coin, Day(1), 1, new PriceWalk(232, 400m, 0.01m, 20), spread: 0.1m)
                .Minutes(s_perpetual, Day(1), 1, new PriceWalk(233, 61_000m, 0.1m, 60), spread: 0.1m)
                .Funding(s_perpetual, (Day(1), 0.0001m)),
            () => new CustomModels()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(200_000m);
        SetCash("BNB", 20m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Margin);
        AddSecurityInitializer(security =>
        {
            Note("initializer " + StateLines.Text(security.Symbol) + " " + security.FeeModel.GetType().Name);
            security.PortfolioModel = new WatchingPortfolioModel(this);
        });
        var spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance);
        var perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Binance);
        _spot = spot.Symbol;
        _perpetual = perpetual.Symbol;
        spot.FillModel = new PartialFillModel();
        spot.FeeModel = new CoinFeeModel();
        perpetual.SetFeeModel(new ConstantFeeModel(1.25m, "USDT"));
        perpetual.SetMarginInterestRateModel(new HourlyFunding(this));
        perpetual.SetBuyingPowerModel(new StrictMargin(5m));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step % 240)
        {
            case 3:
                Note(MarketOrder(_spot, 0.9m));
                Note(MarketOrder(_perpetual, -0.9m, asynchronous: true));
                Note(MarketOrder(_perpetual, -50m));
                break;
            case 20:
                Note(LimitOrder(_spot, -0.4m, Securities[_spot].Price + 1m));
                var canceled = LimitOrder(_spot, 0.4m, Securities[_spot].Price + 1m);
                Note("cancel at once", canceled.Cancel());
                break;
            case 21:
                foreach (var open in Transactions.GetOpenOrderTickets(_spot))
                {
                    Note(open);
                }

                break;
            case 60:
                foreach (var ticket in Transactions.CancelOpenOrders())
                {
                    Note(ticket);
                }

                break;
            case 100:
                // Money that comes and goes outside of orders.
                Note("usdt " + StateLines.Text(Portfolio.CashBook["USDT"].AddAmount(-1_234.5m)));
                Portfolio.CashBook["BNB"].SetAmount(15m);
                Portfolio.CashBook["BTC"].AddAmount(0.01m);
                Note("worth " + StateLines.Text(Portfolio.TotalPortfolioValue));
                break;
            case 150:
                Note(MarketOrder(_perpetual, 0.3m));
                Note(MarketOrder(_spot, -0.3m));
                break;
        }
    }

    /// <inheritdoc />
    protected override void OnEvent(OrderEvent orderEvent)
    {
        var ticket = Transactions.GetOrderTicket(orderEvent.OrderId);
        Note("remaining " + StateLines.Text(ticket.QuantityRemaining) + " filled " + StateLines.Text(ticket.QuantityFilled));
    }

    private sealed class PartialFillModel : ImmediateFillModel
    {
        private readonly Dictionary<int, decimal> _filled = [];

        public override OrderEvent MarketFill(Security asset, MarketOrder order) => InParts(order, base.MarketFill(asset, order));

        public override OrderEvent LimitFill(Security asset, LimitOrder order) => InParts(order, base.LimitFill(asset, order));

        // A third at a time; nothing at the first try.
        private OrderEvent InParts(Order order, OrderEvent fill)
        {
            if (fill.Status != OrderStatus.Filled)
            {
                return fill;
            }

            if (!_filled.TryGetValue(order.Id, out var filled))
            {
                _filled[order.Id] = 0;
                fill.Status = OrderStatus.None;
                fill.FillQuantity = 0;
                fill.FillPrice = 0;
                return fill;
            }

            var part = decimal.Sign(order.Quantity) * Math.Min(order.AbsoluteQuantity - Math.Abs(filled), 0.3m);
            _filled[order.Id] = filled + part;
            fill.FillQuantity = part;
            fill.Status = filled + part == order.Quantity ? OrderStatus.Filled : OrderStatus.PartiallyFilled;
            return fill;
        }
    }

    private sealed class CoinFeeModel : FeeModel
    {
        public override OrderFee GetOrderFee(OrderFeeParameters parameters) => new(new CashAmount(parameters.Order.AbsoluteQuantity / 100, "BNB"));
    }

    private sealed class WatchingPortfolioModel(CustomModels owner) : SecurityPortfolioModel
    {
        public override void ProcessFill(SecurityPortfolioManager portfolio, Security security, OrderEvent fill)
        {
            var quote = security.QuoteCurrency.Amount;
            base.ProcessFill(portfolio, security, fill);
            owner.Note("fill of " + StateLines.Text(security.Symbol) + " moved " + StateLines.Text(security.QuoteCurrency.Amount - quote));
        }
    }

    private sealed class HourlyFunding(CustomModels owner) : IMarginInterestRateModel
    {
        public void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters)
        {
            var security = marginInterestRateParameters.Security;
            var rate = security.Cache.GetData<MarginInterestRate>();
            security.QuoteCurrency.AddAmount(-security.Holdings.Quantity);
            owner.Note("funding at " + StateLines.Text(marginInterestRateParameters.Time) + " rate " + StateLines.Text(rate?.InterestRate));
        }
    }

    private sealed class StrictMargin(decimal leverage) : BuyingPowerModel(leverage)
    {
        public override HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters) =>
            parameters.Order.AbsoluteQuantity > 10m ? parameters.Insufficient("more than ten") : parameters.Sufficient();
    }
}
