using System;
using QuantConnect.Orders;

namespace QuantConnect.Securities;

/// <summary>Brings money from fills into the cash book.</summary>
public interface ISettlementModel
{
    void ApplyFunds(ApplyFundsSettlementModelParameters applyFundsParameters);
    void Scan(ScanSettlementModelParameters settlementParameters);
    CashAmount GetUnsettledCash();
}

/// <summary>Settles at once.</summary>
public class ImmediateSettlementModel : ISettlementModel
{
    public virtual void ApplyFunds(ApplyFundsSettlementModelParameters applyFundsParameters)
    {
        var cash = applyFundsParameters.CashAmount;
        applyFundsParameters.Portfolio.CashBook[cash.Currency].AddAmount(cash.Amount);
    }

    public virtual void Scan(ScanSettlementModelParameters settlementParameters)
    {
    }

    public virtual CashAmount GetUnsettledCash() => default;
}

/// <summary>Money to settle.</summary>
public class ApplyFundsSettlementModelParameters
{
    public SecurityPortfolioManager Portfolio { get; set; }
    public Security Security { get; set; }
    public DateTime UtcTime { get; set; }
    public CashAmount CashAmount { get; set; }
    public OrderEvent Fill { get; set; }

    public ApplyFundsSettlementModelParameters(
        SecurityPortfolioManager portfolio, Security security, DateTime applicationTimeUtc, CashAmount cashAmount, OrderEvent fill)
    {
        Portfolio = portfolio;
        Security = security;
        UtcTime = applicationTimeUtc;
        CashAmount = cashAmount;
        Fill = fill;
    }
}

/// <summary>A moment at which settlement is looked at.</summary>
public class ScanSettlementModelParameters
{
    public SecurityPortfolioManager Portfolio { get; set; }
    public Security Security { get; set; }
    public DateTime UtcTime { get; set; }

    public ScanSettlementModelParameters(SecurityPortfolioManager portfolio, Security security, DateTime timeUtc)
    {
        Portfolio = portfolio;
        Security = security;
        UtcTime = timeUtc;
    }
}
