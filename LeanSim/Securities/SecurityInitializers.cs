namespace QuantConnect.Securities;

/// <summary>Sets up a new security.</summary>
public interface ISecurityInitializer
{
    void Initialize(Security security);
}

/// <summary>Gives a new security its first price.</summary>
public interface ISecuritySeeder
{
    bool SeedSecurity(Security security);
}

/// <summary>The absent seeder.</summary>
public static class SecuritySeeder
{
    public static readonly ISecuritySeeder Null = new NullSecuritySeeder();

    private sealed class NullSecuritySeeder : ISecuritySeeder
    {
        public bool SeedSecurity(Security security) => true;
    }
}

/// <summary>Takes all models and the leverage from a brokerage model, then seeds.</summary>
public class BrokerageModelSecurityInitializer(IBrokerageModel brokerageModel, ISecuritySeeder securitySeeder) : ISecurityInitializer
{
    private readonly IBrokerageModel _model = brokerageModel;
    private readonly ISecuritySeeder _seeder = securitySeeder;

    public virtual void Initialize(Security security)
    {
        security.FillModel = _model.GetFillModel(security);
        security.FeeModel = _model.GetFeeModel(security);
        security.SlippageModel = _model.GetSlippageModel(security);
        security.SettlementModel = _model.GetSettlementModel(security);
        security.BuyingPowerModel = _model.GetBuyingPowerModel(security);
        security.MarginInterestRateModel = _model.GetMarginInterestRateModel(security);
        // leverage belongs to the buying power model just set
        security.SetLeverage(_model.GetLeverage(security));
        security.SetShortableProvider(_model.GetShortableProvider(security));
        _seeder.SeedSecurity(security);
    }
}

/// <summary>Runs several initializers in order.</summary>
public class CompositeSecurityInitializer(params ISecurityInitializer[] initializers) : ISecurityInitializer
{
    private readonly List<ISecurityInitializer> _initializers = [.. initializers];
    public List<ISecurityInitializer> Initializers => _initializers.ToList();
    public void Initialize(Security security) => _initializers.ForEach(x => x.Initialize(security));
    public void AddSecurityInitializer(ISecurityInitializer initializer) => _initializers.Add(initializer);
}

/// <summary>An initializer from a function.</summary>
public class FuncSecurityInitializer(Action<Security> initializer) : ISecurityInitializer
{
    public void Initialize(Security security) => initializer(security);
}
