#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Brokerages;
using QuantConnect.Securities;

namespace CrossHedgeLean.Framework;

/// <summary>Remembers the models that Setup installed and refuses to run on without them: a hedge that can be swapped out is none.</summary>
internal sealed class ModelGuard(QCAlgorithm algorithm, SimulatedAccounts accounts)
{
    private readonly IBrokerageModel _brokerage = algorithm.BrokerageModel;
    private readonly IRiskManagementModel _risk = algorithm.RiskManagement;
    private readonly IExecutionModel _execution = algorithm.Execution;

    /// <summary>The models of the algorithm, and those of every account's securities.</summary>
    /// <exception cref="InvalidOperationException">A model was replaced after Setup.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Check()
    {
        CheckFramework();
        accounts.CheckModels();
    }

    /// <summary>The models of the algorithm.</summary>
    /// <exception cref="InvalidOperationException">A model was replaced after Setup.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CheckFramework()
    {
        Check(_brokerage, algorithm.BrokerageModel, "brokerage model", "SetBrokerageModel");
        Check(_risk, algorithm.RiskManagement, "risk management model", "SetRiskManagement");
        Check(_execution, algorithm.Execution, "execution model", "SetExecution");
    }

    /// <summary>A security that was added has its account's models too, unless the security initializer was replaced.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public void CheckAdded(Security security)
    {
        if (Routes.Of(security) is { } route && accounts.Ledger.Find(route) is not null
            && (security.PortfolioModel is not AccountPortfolioModel || security.BuyingPowerModel is not AccountBuyingPowerModel))
        {
            throw new InvalidOperationException(
                $"{new InstrumentId(route, security.Symbol.Value)} was added without its account's models: remove the call of SetSecurityInitializer that replaced those of CrossHedge.Setup, or use AddSecurityInitializer.");
        }
    }

    private static void Check(object installed, object present, string what, string call)
    {
        if (!ReferenceEquals(installed, present))
        {
            throw new InvalidOperationException(
                $"The {what} of CrossHedge.Setup was replaced by {present.GetType().Name}: remove the later call of {call}, or pass your own risk model to Setup as inner.");
        }
    }
}
