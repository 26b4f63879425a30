using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect.Data;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// A child that is only looked at: its accounts and prices are the venue's own, nothing is ever sent to it. Each order is
/// said instead, and filled here at the algorithm's bid or ask with the algorithm's fees, so that what follows from it is
/// seen too. What it would hold is what the venue reports and these fills on top.
/// </summary>
internal sealed class ObservedBrokerage : Brokerage, IVenueNews, IVenueSettings
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IBrokerage _venue;
    private readonly IVenueNews? _news;
    private readonly IAlgorithm _algorithm;
    private readonly TimeProvider _time;
    private readonly ILane _lane;
    private readonly IDisposable _look;
    private readonly List<Order> _resting = [];
    private readonly SortedDictionary<string, decimal> _balances = new(StringComparer.Ordinal);
    private readonly Dictionary<Symbol, ObservedPosition> _positions = [];

    /// <summary>Looks at a venue.</summary>
    /// <param name="account">The account.</param>
    /// <param name="venue">The venue's own brokerage.</param>
    /// <param name="algorithm">Prices and fees.</param>
    /// <param name="lanes">Where the work is done.</param>
    public ObservedBrokerage(string account, IBrokerage venue, IAlgorithm algorithm, ILanes lanes)
        : base($"{venue.Name}, observed")
    {
        _venue = venue;
        _news = venue as IVenueNews;
        _algorithm = algorithm;
        _time = lanes.Time;
        _lane = lanes.Open($"{account} observed");
        _look = _lane.Every(LookEvery, FillResting);
        venue.Message += (_, message) => OnMessage(message);
        venue.AccountChanged += (_, change) => OnAccountChanged(change);
    }

    /// <inheritdoc />
    public override bool IsConnected => _venue.IsConnected;

    /// <inheritdoc />
    public override bool ConcurrencyEnabled { get; set; } = true;

    /// <inheritdoc />
    public Action<LedgerEntry>? Reported
    {
        get => _news?.Reported;
        set
        {
            if (_news is not null)
            {
                _news.Reported = value;
            }
        }
    }

    /// <inheritdoc />
    public AccountSettings? Settings => (_venue as IVenueSettings)?.Settings;

    /// <inheritdoc />
    public bool IsDown(Capability capability) => _news?.IsDown(capability) == true;

    /// <inheritdoc />
    public bool TakesExitsOnly(InstrumentId id) => _news?.TakesExitsOnly(id) == true;

    /// <inheritdoc />
    public override void Connect() => _venue.Connect();

    /// <inheritdoc />
    public override void Disconnect() => _venue.Disconnect();

    /// <inheritdoc />
    public override void Dispose()
    {
        _look.Dispose();
        _lane.Dispose();
        _venue.Dispose();
    }

    /// <summary>Says the order, and fills it here: a market order at once, a limit order when the quotes reach it.</summary>
    public override bool PlaceOrder(Order order)
    {
        Say("send", order);
        var security = _algorithm.Securities[order.Symbol];
        if (order is not LimitOrder && PriceOf(security, order) is null)
        {
            OnOrderEvent(new OrderEvent(order, NowUtc, OrderFee.Zero, "observed: there is no price yet") { Status = OrderStatus.Invalid });
            return true;
        }

        order.BrokerId.Add($"observed-{order.Id.ToString(CultureInfo.InvariantCulture)}");
        OnOrderEvent(new OrderEvent(order, NowUtc, OrderFee.Zero) { Status = OrderStatus.Submitted });
        lock (_gate)
        {
            _resting.Add(order);
        }

        FillResting();
        return true;
    }

    /// <summary>Says the change; it takes effect here.</summary>
    public override bool UpdateOrder(Order order)
    {
        Say("change", order);
        lock (_gate)
        {
            var index = _resting.FindIndex(resting => resting.Id == order.Id);
            if (index < 0)
            {
                return false;
            }

            _resting[index] = order;
        }

        OnOrderEvent(new OrderEvent(order, NowUtc, OrderFee.Zero) { Status = OrderStatus.UpdateSubmitted });
        return true;
    }

    /// <summary>Says the cancel; an order of the venue's own is left alone.</summary>
    public override bool CancelOrder(Order order)
    {
        Say("cancel", order);
        lock (_gate)
        {
            if (_resting.RemoveAll(resting => resting.Id == order.Id) == 0)
            {
                return false;
            }
        }

        OnOrderEvent(new OrderEvent(order, NowUtc, OrderFee.Zero) { Status = OrderStatus.Canceled });
        return true;
    }

    /// <summary>Those that rest here: what really works at the venue is not for this run to cancel.</summary>
    public override List<Order> GetOpenOrders()
    {
        lock (_gate)
        {
            return [.. _resting];
        }
    }

    /// <inheritdoc />
    public override List<CashAmount> GetCashBalance()
    {
        var real = _venue.GetCashBalance();
        lock (_gate)
        {
            return real
                .Concat(_balances.Select(change => new CashAmount(change.Value, change.Key)))
                .GroupBy(balance => balance.Currency)
                .Select(same => new CashAmount(same.Sum(balance => balance.Amount), same.Key))
                .ToList();
        }
    }

    /// <inheritdoc />
    public override List<Holding> GetAccountHoldings()
    {
        var real = _venue.GetAccountHoldings();
        lock (_gate)
        {
            foreach (var position in _positions.Values)
            {
                // The first fill began from what the venue held then.
                real.RemoveAll(holding => holding.Symbol == position.Symbol);
            }

            return real
                .Concat(_positions.Values
                    .Where(position => position.Quantity != 0m)
                    .OrderBy(position => position.Symbol.Value, StringComparer.Ordinal)
                    .Select(position => new Holding { Symbol = position.Symbol, Quantity = position.Quantity, AveragePrice = position.AveragePrice, CurrencySymbol = "$" }))
                .ToList();
        }
    }

    /// <inheritdoc />
    public override IEnumerable<BaseData>? GetHistory(HistoryRequest request) => _venue.GetHistory(request);

    private DateTime NowUtc => _time.GetUtcNow().UtcDateTime;

    /// <summary>The other side of the book; null without one.</summary>
    private static decimal? PriceOf(Security security, Order order)
        => (order.Quantity > 0m ? security.AskPrice : security.BidPrice) is > 0m and var price ? price : null;

    private void FillResting()
    {
        Order[] resting;
        lock (_gate)
        {
            resting = _resting.ToArray();
        }

        foreach (var order in resting)
        {
            var price = PriceOf(_algorithm.Securities[order.Symbol], order);
            var isReached = price is not null && (order is not LimitOrder limit || (order.Quantity > 0m ? price <= limit.LimitPrice : price >= limit.LimitPrice));
            lock (_gate)
            {
                if (!isReached || !_resting.Remove(order))
                {
                    continue;
                }
            }

            Fill(order, price!.Value);
        }
    }

    private void Fill(Order order, decimal price)
    {
        var security = _algorithm.Securities[order.Symbol];
        var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order));
        var held = order.Symbol.SecurityType == SecurityType.CryptoFuture ? _venue.GetAccountHoldings().Find(holding => holding.Symbol == order.Symbol) : null;
        lock (_gate)
        {
            Add(fee.Value.Currency, -fee.Value.Amount);
            var settlement = security.QuoteCurrency.Symbol;
            if (held is null && order.Symbol.SecurityType == SecurityType.Crypto)
            {
                Add(((IBaseCurrencySymbol)security).BaseCurrency.Symbol, order.Quantity);
                Add(settlement, -order.Quantity * price);
            }
            else
            {
                var position = _positions.GetValueOrDefault(order.Symbol) ?? new ObservedPosition(order.Symbol, held?.Quantity ?? 0m, held?.AveragePrice ?? 0m);
                (_positions[order.Symbol], var profit) = position.With(order.Quantity, price);
                Add(settlement, profit);
            }
        }

        OnOrderEvent(new OrderEvent(order, NowUtc, fee)
        {
            Status = OrderStatus.Filled,
            FillQuantity = order.Quantity,
            FillPrice = price,
            FillPriceCurrency = order.PriceCurrency,
        });
    }

    private void Add(string currency, decimal amount)
    {
        if (amount != 0m)
        {
            _balances[currency] = _balances.GetValueOrDefault(currency) + amount;
        }
    }

    private void Say(string what, Order order)
    {
        var price = (order as LimitOrder)?.LimitPrice is { } limit ? FormattableString.Invariant($"at {limit}") : "at market";
        var side = order.Quantity > 0m ? "buy" : "sell";
        OnMessage(new BrokerageMessageEvent(
            BrokerageMessageType.Information,
            "observed",
            FormattableString.Invariant($"would {what}: {side} {Math.Abs(order.Quantity)} {SymbolRoutes.InstrumentOf(order.Symbol)} {price} ({order.Tag})")));
    }
}

/// <summary>A perpetual's position as it would be.</summary>
/// <param name="Symbol">The perpetual.</param>
/// <param name="Quantity">Contracts, signed.</param>
/// <param name="AveragePrice">In the settlement currency.</param>
internal sealed record ObservedPosition(Symbol Symbol, decimal Quantity, decimal AveragePrice)
{
    /// <summary>The position after a trade, and what the trade realized, in the settlement currency.</summary>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="price">In the settlement currency.</param>
    public (ObservedPosition Position, decimal Profit) With(decimal quantity, decimal price)
    {
        if (Math.Sign(quantity) != -Math.Sign(Quantity))
        {
            return (this with { Quantity = Quantity + quantity, AveragePrice = ((Quantity * AveragePrice) + (quantity * price)) / (Quantity + quantity) }, 0m);
        }

        var closed = Math.Sign(quantity) * Math.Min(Math.Abs(quantity), Math.Abs(Quantity));
        var left = Quantity + quantity;
        return (this with { Quantity = left, AveragePrice = left == 0m ? 0m : Math.Sign(left) == Math.Sign(Quantity) ? AveragePrice : price }, closed * (AveragePrice - price));
    }
}
