namespace QuantConnect.Algorithm.Framework.Execution;

/// <summary>Places the orders that lead to the targets.</summary>
public interface IExecutionModel : INotifiedSecurityChanges
{
    void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets);
    void OnOrderEvent(QCAlgorithm algorithm, OrderEvent orderEvent);
}

/// <summary>Base of execution models.</summary>
public class ExecutionModel(bool asynchronous = true) : IExecutionModel
{
    protected bool Asynchronous { get; } = asynchronous;

    public virtual void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        => throw new NotImplementedException($"{GetType().Name} does not override ExecutionModel.Execute.");

    public virtual void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) { }

    public virtual void OnOrderEvent(QCAlgorithm algorithm, OrderEvent orderEvent) { }
}

/// <summary>Places nothing.</summary>
public class NullExecutionModel : ExecutionModel
{
    public override void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets) { }
}

/// <summary>Sends a market order for what is missing to each target, until it is reached.</summary>
public class ImmediateExecutionModel(bool asynchronous = true) : ExecutionModel(asynchronous)
{
    private readonly PortfolioTargetCollection _targets = new();

    public override void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets)
    {
        _targets.AddRange(targets);
        if (_targets.IsEmpty)
            return;
        foreach (var target in _targets.OrderByMarginImpact(algorithm))
        {
            var security = algorithm.Securities[target.Symbol];
            var missing = OrderSizing.GetUnorderedQuantity(algorithm, target, security, true);
            if (missing == 0)
                continue;
            if (security.BuyingPowerModel.AboveMinimumOrderMarginPortfolioPercentage(security, missing, algorithm.Portfolio,
                algorithm.Settings.MinimumOrderMarginPortfolioPercentage))
            {
                algorithm.MarketOrder(security, missing, Asynchronous, target.Tag);
            }
            else
                PortfolioTarget.MinimumOrderMarginPercentageWarningSent ??= false;
        }
        _targets.ClearFulfilled(algorithm);
    }

    public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) { }
}
