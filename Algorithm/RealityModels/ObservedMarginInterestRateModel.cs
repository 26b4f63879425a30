#nullable enable
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>A venue's funding model, reporting what it books: the change of the perpetual's quote currency in the cash book.</summary>
internal sealed class ObservedMarginInterestRateModel(IMarginInterestRateModel inner, CompositeBrokerageModel composite) : IMarginInterestRateModel
{
    /// <inheritdoc />
    public void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters)
    {
        var security = marginInterestRateParameters.Security;
        var before = security.QuoteCurrency.Amount;
        inner.ApplyMarginInterestRate(marginInterestRateParameters);
        var booked = security.QuoteCurrency.Amount - before;
        if (booked != 0m)
        {
            composite.FundingBooked?.Invoke(security, booked);
        }
    }
}
