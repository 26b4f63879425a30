#nullable enable
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>Funding by the venue's schedule, in place of LEAN's; LEAN calls it at the first step of each hour, before that step's fills.</summary>
internal sealed class AccountFundingModel(SimulatedAccounts accounts) : IMarginInterestRateModel
{
    /// <inheritdoc />
    public void ApplyMarginInterestRate(MarginInterestRateParameters marginInterestRateParameters)
        => accounts.Fund(marginInterestRateParameters.Security, marginInterestRateParameters.Time);
}
