namespace QuantConnect.Securities;

/// <summary>The position in one security. Money is in the account currency where not said otherwise.</summary>
public class SecurityHolding(Security security, ICurrencyConverter currencyConverter)
{
    private readonly ICurrencyConverter _converter = currencyConverter;
    private decimal _quantity;
    private decimal _profit;
    private bool _invested;
    public event EventHandler<SecurityHoldingQuantityChangedEventArgs> QuantityChanged;
    protected Security Security { get; } = security;
    public IPortfolioTarget Target { get; set; }
    public decimal AveragePrice { get; protected set; }

    public decimal Quantity
    {
        get => _quantity;
        protected set
        {
            // dust below one lot cannot be traded and does not count as invested
            _invested = Math.Abs(value) >= Security.SymbolProperties.LotSize;
            _quantity = value;
        }
    }

    public Symbol Symbol => Security.Symbol;
    public virtual decimal Leverage => Security.BuyingPowerModel.GetLeverage(Security);
    public virtual decimal HoldingsCost => Quantity == 0 ? 0 : GetQuantityValue(Quantity, AveragePrice).InAccountCurrency;
    public virtual decimal Price { get; protected set; }
    public virtual decimal AbsoluteHoldingsCost => Math.Abs(HoldingsCost);
    public virtual decimal HoldingsValue => Quantity == 0 ? 0 : GetQuantityValue(Quantity).InAccountCurrency;
    public virtual bool HoldStock => _invested;
    public virtual bool Invested => _invested;
    public virtual decimal TotalSaleVolume { get; private set; }
    public virtual decimal TotalFees { get; private set; }
    public virtual bool IsLong => Quantity > 0;
    public virtual bool IsShort => Quantity < 0;
    public virtual decimal AbsoluteQuantity => Math.Abs(Quantity);
    public virtual decimal LastTradeProfit { get; private set; }
    public virtual decimal Profit => _profit;
    public virtual decimal NetProfit => Profit - TotalFees;
    public virtual decimal UnrealizedProfit => TotalCloseProfit();
    public void AddNewFee(decimal newFee) => TotalFees += newFee;
    public void AddNewProfit(decimal profitLoss) => _profit += profitLoss;
    public void AddNewSale(decimal saleValue) => TotalSaleVolume += saleValue;
    public void SetLastTradeProfit(decimal lastTradeProfit) => LastTradeProfit = lastTradeProfit;
    public virtual void SetHoldings(decimal averagePrice, decimal quantity)
    {
        var previousQuantity = _quantity;
        var previousAveragePrice = AveragePrice;
        Quantity = quantity;
        AveragePrice = averagePrice;
        OnQuantityChanged(previousAveragePrice, previousQuantity);
    }

    public virtual void UpdateMarketPrice(decimal closingPrice) => Price = closingPrice;
    public virtual ConvertibleCashAmount GetQuantityValue(decimal quantity) => GetQuantityValue(quantity, Price);

    public virtual ConvertibleCashAmount GetQuantityValue(decimal quantity, decimal price) =>
        new(price * quantity * Security.SymbolProperties.ContractMultiplier, Security.QuoteCurrency);

    public virtual decimal TotalCloseProfit(bool includeFees = true, decimal? exitPrice = null, decimal? entryPrice = null, decimal? quantity = null)
    {
        if (quantity == null && !_invested)
            return 0;
        var size = quantity ?? Quantity;
        var fees = 0m;
        if (includeFees)
        {
            var exit = new MarketOrder(Symbol, -size, Security.LocalTime.ConvertToUtc(Security.Exchange.TimeZone));
            fees = _converter.ConvertToAccountCurrency(Security.FeeModel.GetOrderFee(new OrderFeeParameters(Security, exit)).Value).Amount;
        }
        var price = IsLong ? Security.BidPrice : Security.AskPrice;
        if (price == 0)
            price = Security.Price;
        var entryValue = GetQuantityValue(size, entryPrice ?? AveragePrice).InAccountCurrency;
        var exitValue = GetQuantityValue(size, exitPrice ?? price).InAccountCurrency;
        return exitValue - entryValue - fees;
    }

    public override string ToString() => FormattableString.Invariant($"{Symbol.Value}: {Quantity} @ {AveragePrice}");

    protected virtual void OnQuantityChanged(decimal previousAveragePrice, decimal previousQuantity) =>
        QuantityChanged?.Invoke(this, new SecurityHoldingQuantityChangedEventArgs(Security, previousAveragePrice, previousQuantity));
}

/// <summary>Base of events about a security.</summary>
public abstract class SecurityEventArgs(Security security)
{
    public Security Security { get; } = security;
}

/// <summary>A holding's quantity or average price was set.</summary>
public class SecurityHoldingQuantityChangedEventArgs(
    Security security,
    decimal previousAveragePrice,
    decimal previousQuantity) : SecurityEventArgs(security)
{
    public decimal PreviousQuantity { get; } = previousQuantity;
    public decimal PreviousAveragePrice { get; } = previousAveragePrice;
}
