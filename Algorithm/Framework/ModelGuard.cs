#nullable enable
using System;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Brokerages;

namespace CrossHedgeLean.Framework;

/// <summary>Remembers the models that Setup installed and refuses to run on without them: a hedge that can be swapped out is none.</summary>
internal sealed class ModelGuard(QCAlgorithm algorithm)
{
    private readonly IBrokerageModel _brokerage = algorithm.BrokerageModel;
    private readonly IRiskManagementModel _risk = algorithm.RiskManagement;
    private readonly IExecutionModel _execution = algorithm.Execution;

    /// <exception cref="InvalidOperationException">A model was replaced after Setup.</exception>
    public void Check()
    {
        Check(_brokerage, algorithm.BrokerageModel, "brokerage model", "SetBrokerageModel");
        Check(_risk, algorithm.RiskManagement, "risk management model", "SetRiskManagement");
        Check(_execution, algorithm.Execution, "execution model", "SetExecution");
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
