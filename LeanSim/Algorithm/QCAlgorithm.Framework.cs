namespace QuantConnect.Algorithm;

public partial class QCAlgorithm
{
    private static readonly IPortfolioTarget[] _noTargets = Array.Empty<IPortfolioTarget>();
    private bool _warnedWarmUpInsight;
    public IAlphaModel Alpha { get; set; }
    public InsightManager Insights { get; private set; }
    public IPortfolioConstructionModel PortfolioConstruction { get; set; }
    public IExecutionModel Execution { get; set; }
    public IRiskManagementModel RiskManagement { get; set; }

    public void FrameworkPostInitialize() { }

    public void OnFrameworkData(Slice slice)
    {
        Insights.Step(UtcTime);
        if (!slice.HasData)
            return;
        var insights = ToArray(Alpha.Update(this, slice));
        if (insights.Length != 0)
            Publish(insights);
        ProcessInsights(insights);
    }

    public void OnFrameworkSecuritiesChanged(SecurityChanges changes)
    {
        Alpha.OnSecuritiesChanged(this, changes);
        PortfolioConstruction.OnSecuritiesChanged(this, changes);
        Execution.OnSecuritiesChanged(this, changes);
        RiskManagement.OnSecuritiesChanged(this, changes);
    }

    public void SetAlpha(IAlphaModel alpha) => Alpha = alpha;

    public void AddAlpha(IAlphaModel alpha)
    {
        if (Alpha is CompositeAlphaModel composite)
            composite.AddAlpha(alpha);
        else
            Alpha = Alpha.GetType() == typeof(NullAlphaModel) ? alpha : new CompositeAlphaModel(Alpha, alpha);
    }

    public void SetPortfolioConstruction(IPortfolioConstructionModel portfolioConstruction) => PortfolioConstruction = portfolioConstruction;
    public void SetExecution(IExecutionModel execution) => Execution = execution;
    public void SetRiskManagement(IRiskManagementModel riskManagement) => RiskManagement = riskManagement;

    public void AddRiskManagement(IRiskManagementModel riskManagement)
    {
        if (RiskManagement is CompositeRiskManagementModel composite)
            composite.AddRiskManagement(riskManagement);
        else
            RiskManagement = RiskManagement.GetType() == typeof(NullRiskManagementModel)
                ? riskManagement
                : new CompositeRiskManagementModel(RiskManagement, riskManagement);
    }

    public void EmitInsights(params Insight[] insights)
    {
        if (IsWarmingUp)
        {
            if (!_warnedWarmUpInsight)
            {
                _warnedWarmUpInsight = true;
                Error("Warning: insights emitted during warm up are ignored.");
            }
            return;
        }
        Publish(insights);
        ProcessInsights(insights);
    }

    public void EmitInsights(Insight insight) => EmitInsights(new[] { insight });

    /// <summary>The overrides first, then the targets of symbols which have none.</summary>
    internal static IPortfolioTarget[] Override(IPortfolioTarget[] targets, IEnumerable<IPortfolioTarget> overrides)
    {
        var first = ToArray(overrides);
        if (first.Length == 0 && targets.Length == 0)
            return _noTargets;
        var seen = new HashSet<Symbol>();
        var result = new List<IPortfolioTarget>(first.Length + targets.Length);
        foreach (var part in new[] { first, targets })
            foreach (var target in part)
                if (seen.Add(target.Symbol))
                    result.Add(target);
        return result.ToArray();
    }

    private void ProcessInsights(Insight[] insights)
    {
        var targets = ToArray(PortfolioConstruction.CreateTargets(this, insights));
        SetHoldingTargets(targets);
        var overrides = ToArray(RiskManagement.ManageRisk(this, targets));
        SetHoldingTargets(overrides);
        Execution.Execute(this, Override(targets, overrides));
    }

    private void SetHoldingTargets(IPortfolioTarget[] targets)
    {
        foreach (var target in targets)
            Securities[target.Symbol].Holdings.Target = target;
    }

    private void Publish(Insight[] insights)
    {
        foreach (var insight in insights)
        {
            var security = Securities[insight.Symbol];
            insight.GeneratedTimeUtc = UtcTime;
            insight.ReferenceValue = insight.Type == InsightType.Price ? security.Price : security.VolatilityModel.Volatility;
            insight.SourceModel = string.IsNullOrEmpty(insight.SourceModel) ? Alpha.GetModelName() : insight.SourceModel;
            insight.SetPeriodAndCloseTime(MarketHoursDatabase.GetExchangeHours(insight.Symbol.ID.Market, insight.Symbol, insight.Symbol.SecurityType));
        }
        Insights.AddRange(insights);
        InsightsGenerated?.Invoke(this, new GeneratedInsightsCollection(UtcTime, insights));
    }

    private static T[] ToArray<T>(IEnumerable<T> items) => items as T[] is { Length: 0 } empty ? empty : items.ToArray();
}
