namespace QuantConnect.Algorithm.Framework.Portfolio;

/// <summary>Makes targets from insights.</summary>
public interface IPortfolioConstructionModel : INotifiedSecurityChanges
{
    IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights);
}

/// <summary>Base of portfolio construction models: percentages of the portfolio from the last active insight of each symbol.</summary>
public class PortfolioConstructionModel(Func<DateTime, DateTime?> rebalancingFunc) : IPortfolioConstructionModel
{
    private readonly Func<DateTime, DateTime?> _nextRebalance = rebalancingFunc;
    private DateTime? _rebalanceTime;
    private bool _hasSecurityChanges;

    public PortfolioConstructionModel(Func<DateTime, DateTime> rebalancingFunc = null)
        : this(rebalancingFunc == null ? null : new Func<DateTime, DateTime?>(x => rebalancingFunc(x))) { }

    public virtual bool RebalanceOnSecurityChanges { get; set; } = true;
    public virtual bool RebalanceOnInsightChanges { get; set; } = true;
    protected IAlgorithm Algorithm { get; private set; }

    public virtual IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights)
    {
        Algorithm = algorithm;
        var now = algorithm.UtcTime;
        if (!IsRebalanceDue(insights, now))
            return Enumerable.Empty<IPortfolioTarget>();
        var active = GetTargetInsights();
        var percents = DetermineTargetPercent(active);
        var failed = new HashSet<Symbol>();
        var targets = new List<IPortfolioTarget>();
        foreach (var insight in active)
        {
            if (!percents.TryGetValue(insight, out var percent))
                continue;
            var target = PortfolioTarget.Percent(algorithm, insight.Symbol, percent);
            if (target == null)
                failed.Add(insight.Symbol);
            else
                targets.Add(target);
        }
        // What no active insight speaks for any more is closed.
        foreach (var symbol in algorithm.Insights.RemoveExpiredInsights(now).Select(x => x.Symbol).Distinct())
            if (!failed.Contains(symbol) && !algorithm.Insights.HasActiveInsights(symbol, now))
                targets.Add(new PortfolioTarget(symbol, 0));
        return targets;
    }

    public virtual void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes)
    {
        Algorithm ??= algorithm;
        _hasSecurityChanges = changes != SecurityChanges.None;
        algorithm?.Insights.Expire(changes.RemovedSecurities.Select(x => x.Symbol));
    }

    protected virtual List<Insight> GetTargetInsights()
        => Algorithm.Insights.GetActiveInsights(Algorithm.UtcTime).Where(ShouldCreateTargetForInsight).GroupBy(x => x.Symbol)
            .Select(x => x.OrderBy(insight => insight.GeneratedTimeUtc).Last())
            .ToList();

    protected virtual bool ShouldCreateTargetForInsight(Insight insight) => true;

    protected virtual Dictionary<Insight, double> DetermineTargetPercent(List<Insight> activeInsights)
        => throw new NotImplementedException($"{GetType().Name} does not override PortfolioConstructionModel.DetermineTargetPercent.");

    protected virtual bool IsRebalanceDue(Insight[] insights, DateTime algorithmUtc)
    {
        if (_nextRebalance == null)
        {
            RefreshRebalance(algorithmUtc);
            return true;
        }
        if (_rebalanceTime == null)
        {
            _rebalanceTime = _nextRebalance(algorithmUtc);
            if (_rebalanceTime <= algorithmUtc)
            {
                _rebalanceTime = null;
                _hasSecurityChanges = false;
                return true;
            }
        }
        var isDue = _rebalanceTime <= algorithmUtc || RebalanceOnSecurityChanges && _hasSecurityChanges
            || RebalanceOnInsightChanges && (insights.Length != 0 || Algorithm.Insights.GetNextExpiryTime() < algorithmUtc);
        if (isDue)
            RefreshRebalance(algorithmUtc);
        return isDue;
    }

    protected void RefreshRebalance(DateTime algorithmUtc)
    {
        if (_nextRebalance != null)
            _rebalanceTime = _nextRebalance(algorithmUtc);
        _hasSecurityChanges = false;
    }
}

/// <summary>Makes no targets.</summary>
public class NullPortfolioConstructionModel : PortfolioConstructionModel
{
    public override IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights) => Enumerable.Empty<IPortfolioTarget>();
}
