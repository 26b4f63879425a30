namespace QuantConnect.Securities;

/// <summary>Brings money from fills into the cash book.</summary>
public interface ISettlementModel
{
    void ApplyFunds(ApplyFundsSettlementModelParameters applyFundsParameters);
    void Scan(ScanSettlementModelParameters settlementParameters);
}

/// <summary>Settles at once.</summary>
public class ImmediateSettlementModel : ISettlementModel
{
    public virtual void ApplyFunds(ApplyFundsSettlementModelParameters applyFundsParameters)
    {
        var cash = applyFundsParameters.CashAmount;
        applyFundsParameters.Portfolio.CashBook[cash.Currency].AddAmount(cash.Amount);
    }

    public virtual void Scan(ScanSettlementModelParameters settlementParameters) { }
}

/// <summary>Money to settle.</summary>
public class ApplyFundsSettlementModelParameters(
    SecurityPortfolioManager portfolio,
    Security security,
    DateTime applicationTimeUtc,
    CashAmount cashAmount,
    OrderEvent fill)
{
    public SecurityPortfolioManager Portfolio { get; set; } = portfolio;
    public Security Security { get; set; } = security;
    public DateTime UtcTime { get; set; } = applicationTimeUtc;
    public CashAmount CashAmount { get; set; } = cashAmount;
    public OrderEvent Fill { get; set; } = fill;
}

/// <summary>A moment at which settlement is looked at.</summary>
public class ScanSettlementModelParameters(SecurityPortfolioManager portfolio, Security security, DateTime timeUtc)
{
    public SecurityPortfolioManager Portfolio { get; set; } = portfolio;
    public Security Security { get; set; } = security;
    public DateTime UtcTime { get; set; } = timeUtc;
}
