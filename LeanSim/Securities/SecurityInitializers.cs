using System;
using System.Collections.Generic;
using System.Linq;
using QuantConnect.Brokerages;

namespace QuantConnect.Securities;

/// <summary>Sets up a new security.</summary>
public interface ISecurityInitializer
{
    void Initialize(Security security);
}

/// <summary>The absent initializer.</summary>
public static class SecurityInitializer
{
    public static readonly ISecurityInitializer Null = new FuncSecurityInitializer(_ => { });
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
public class BrokerageModelSecurityInitializer : ISecurityInitializer
{
    private readonly IBrokerageModel _model;
    private readonly ISecuritySeeder _seeder;

    public BrokerageModelSecurityInitializer()
    {
    }

    public BrokerageModelSecurityInitializer(IBrokerageModel brokerageModel, ISecuritySeeder securitySeeder)
    {
        _model = brokerageModel;
        _seeder = securitySeeder;
    }

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

/// <summary>Runs a function.</summary>
public class FuncSecurityInitializer : ISecurityInitializer
{
    private readonly Action<Security> _initializer;
    public FuncSecurityInitializer(Action<Security> initializer) => _initializer = initializer;
    public void Initialize(Security security) => _initializer(security);
}

/// <summary>Runs several initializers in order.</summary>
public class CompositeSecurityInitializer : ISecurityInitializer
{
    private readonly List<ISecurityInitializer> _initializers;
    public List<ISecurityInitializer> Initializers => _initializers.ToList();
    public CompositeSecurityInitializer(params ISecurityInitializer[] initializers) => _initializers = [.. initializers];
    public void Initialize(Security security) => _initializers.ForEach(x => x.Initialize(security));
    public void AddSecurityInitializer(ISecurityInitializer initializer) => _initializers.Add(initializer);
}
