namespace QuantConnect.Securities.CryptoFuture;

/// <summary>Margin of crypto futures: only the collateral currency's cash counts; maintenance equals initial margin.</summary>
public class CryptoFutureMarginModel(decimal leverage = 25) : SecurityMarginModel(leverage, 0)
{
    public override MaintenanceMargin GetMaintenanceMargin(MaintenanceMarginParameters parameters) =>
        new(GetInitialMarginRequirement(new InitialMarginParameters(parameters.Security, parameters.Quantity)));

    public override InitialMargin GetInitialMarginRequirement(InitialMarginParameters parameters)
    {
        var security = parameters.Security;
        if (security?.GetLastData() == null || parameters.Quantity == 0m)
            return InitialMargin.Zero;
        var notional = security.Holdings.GetQuantityValue(parameters.Quantity, security.Price);
        return new(Math.Abs(notional.Amount) / GetLeverage(security) * notional.Cash.ConversionRate);
    }

    // As LEAN: margins in account currency are added to collateral in its own currency, then all is converted.
    protected override decimal GetMarginRemaining(SecurityPortfolioManager portfolio, Security security, OrderDirection direction)
    {
        var collateral = Collateral(security);
        var total = GetTotalCollateralAmount(portfolio, security, collateral);
        var result = total;
        foreach (var other in portfolio.Securities.Active)
            if (other.Type == SecurityType.CryptoFuture && other.Holdings.Invested && other.Symbol != security.Symbol
                && SharesCollateral(portfolio, collateral, other))
            {
                result -= other.BuyingPowerModel.GetMaintenanceMargin(other);
            }
        if (Reduces(security, direction))
            result += MarginOfReversal(security);
        result -= total * RequiredFreeBuyingPowerPercent;
        result *= collateral.ConversionRate;
        return result < 0 ? 0 : result;
    }

    protected virtual bool SharesCollateral(SecurityPortfolioManager portfolio, Cash collateralCurrency, Security otherCryptoFuture) =>
        collateralCurrency == Collateral(otherCryptoFuture);

    protected virtual decimal GetTotalCollateralAmount(SecurityPortfolioManager portfolio, Security security, Cash primaryCollateral) =>
        primaryCollateral.Amount;

    private static Cash Collateral(Security security)
    {
        var future = (CryptoFuture)security;
        return future.IsCryptoCoinFuture() ? future.BaseCurrency : future.QuoteCurrency;
    }
}

/// <summary>With BNFCR in the cash book (Binance accounts in Europe) all cash counts as collateral.</summary>
public class BinanceCryptoFutureMarginModel(decimal leverage = 25) : CryptoFutureMarginModel(leverage)
{
    private const string CreditsCurrency = "BNFCR";

    protected override decimal GetTotalCollateralAmount(SecurityPortfolioManager portfolio, Security security, Cash primaryCollateral)
    {
        var book = portfolio.CashBook;
        if (!book.ContainsKey(CreditsCurrency))
            return base.GetTotalCollateralAmount(portfolio, security, primaryCollateral);
        var total = 0m;
        foreach (var (_, cash) in book)
        {
            total += book.Convert(cash.Amount, cash.Symbol, primaryCollateral.Symbol);
        }
        return total;
    }

    protected override bool SharesCollateral(SecurityPortfolioManager portfolio, Cash collateralCurrency, Security otherCryptoFuture) =>
        portfolio.CashBook.ContainsKey(CreditsCurrency) || base.SharesCollateral(portfolio, collateralCurrency, otherCryptoFuture);
}
