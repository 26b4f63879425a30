#nullable enable
using System.Runtime.CompilerServices;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>LEAN's own booking of fills, with the difference that it made in the cash book booked to the security's account.</summary>
internal sealed class AccountPortfolioModel(SimulatedAccounts accounts) : SecurityPortfolioModel
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ProcessFill(SecurityPortfolioManager portfolio, Security security, OrderEvent fill)
    {
        accounts.PositionOf(security);
        var coin = (security as IBaseCurrencySymbol)?.BaseCurrency;
        var isSpot = security.Type == QuantConnect.SecurityType.Crypto;
        var settledBefore = security.QuoteCurrency.Amount;
        var coinsBefore = isSpot ? coin!.Amount : 0m;
        base.ProcessFill(portfolio, security, fill);
        accounts.BookFill(
            security,
            fill,
            security.QuoteCurrency.Amount - settledBefore,
            isSpot ? coin!.Amount - coinsBefore : 0m);
    }
}
