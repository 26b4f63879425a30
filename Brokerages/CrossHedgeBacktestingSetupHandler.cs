using CrossHedgeLean.Scenarios;
using QuantConnect.Brokerages.Backtesting;
using QuantConnect.Interfaces;
using QuantConnect.Lean.Engine.Setup;
using QuantConnect.Orders;
using QuantConnect.Packets;
using QuantConnect.Util;

namespace QuantConnect.Brokerages.CrossHedge;

/// <summary>
/// LEAN's set-up of a backtest with a brokerage that also plays what no reality model can: cancels that a venue in trouble
/// does not carry out. In LEAN's configuration <c>"setup-handler":
/// "QuantConnect.Brokerages.CrossHedge.CrossHedgeBacktestingSetupHandler"</c>.
/// </summary>
public class CrossHedgeBacktestingSetupHandler : BacktestingSetupHandler
{
    /// <inheritdoc />
    public override IBrokerage CreateBrokerage(AlgorithmNodePacket algorithmNodePacket, IAlgorithm uninitializedAlgorithm, out IBrokerageFactory factory)
    {
        base.CreateBrokerage(algorithmNodePacket, uninitializedAlgorithm, out factory);
        var brokerage = new TroubledBrokerage(uninitializedAlgorithm);
        Composer.Instance.AddPart<IScenarioHost>(brokerage);
        return brokerage;
    }

    /// <summary>
    /// LEAN's backtesting brokerage, but the algorithm's venues are asked before a cancel. A refused one leaves its order
    /// open and is answered with BrokerageFailedToCancelOrder; LEAN takes another cancel of the order afterwards.
    /// </summary>
    private sealed class TroubledBrokerage(IAlgorithm algorithm) : BacktestingBrokerage(algorithm, "CrossHedge backtesting brokerage"), IScenarioHost
    {
        public ScenarioHosts Plays => ScenarioHosts.Brokerage;

        public override bool CancelOrder(Order order)
            => (Algorithm.BrokerageModel as IVenueTrouble)?.RefusesCancel(order.Symbol.ID.Market, order.Id) != true && base.CancelOrder(order);
    }
}
