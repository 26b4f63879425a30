namespace QuantConnect.Algorithm.Framework.Risk;

/// <summary>Overrides portfolio targets.</summary>
public interface IRiskManagementModel : INotifiedSecurityChanges
{
    IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets);
}

/// <summary>Base of risk models.</summary>
public class RiskManagementModel : IRiskManagementModel
{
    public virtual IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        => throw new NotImplementedException($"{GetType().Name} does not override RiskManagementModel.ManageRisk.");

    public virtual void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) { }
}

/// <summary>Overrides nothing.</summary>
public class NullRiskManagementModel : RiskManagementModel
{
    public override IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        => Enumerable.Empty<IPortfolioTarget>();
}

/// <summary>Several risk models: each sees the targets that the ones before it left, and later ones win.</summary>
public class CompositeRiskManagementModel : RiskManagementModel
{
    private readonly List<IRiskManagementModel> _models;

    public CompositeRiskManagementModel(params IRiskManagementModel[] riskManagementModels)
        : this((IEnumerable<IRiskManagementModel>)riskManagementModels) { }

    public CompositeRiskManagementModel(IEnumerable<IRiskManagementModel> riskManagementModels)
    {
        _models = riskManagementModels?.ToList() ?? new List<IRiskManagementModel>();
        if (_models.Count == 0)
            throw new ArgumentException("CompositeRiskManagementModel needs at least one risk model.");
    }

    public override IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
    {
        foreach (var model in _models)
            targets = QCAlgorithm.Override(targets, model.ManageRisk(algorithm, targets));
        return targets;
    }

    public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes)
        => _models.ForEach(x => x.OnSecuritiesChanged(algorithm, changes));

    public void AddRiskManagement(IRiskManagementModel riskManagementModel) => _models.Add(riskManagementModel);
}
