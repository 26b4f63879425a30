namespace QuantConnect.Packets
{
    /// <summary>The job of an algorithm.</summary>
    public class AlgorithmNodePacket
    {
        internal AlgorithmNodePacket() { }
    }

    /// <summary>The job of a backtest.</summary>
    public class BacktestNodePacket : AlgorithmNodePacket { }

    /// <summary>The job of a live algorithm.</summary>
    public class LiveNodePacket : AlgorithmNodePacket
    {
        public string Brokerage { get; set; } = "";
        public Dictionary<string, string> BrokerageData { get; set; } = new();
    }
}

namespace QuantConnect.Lean.Engine.Setup
{
    /// <summary>Makes what a backtest runs on.</summary>
    public class BacktestingSetupHandler
    {
        public virtual IBrokerage CreateBrokerage(AlgorithmNodePacket algorithmNodePacket, IAlgorithm uninitializedAlgorithm, out IBrokerageFactory factory)
        {
            factory = null;
            return new BacktestingBrokerage(uninitializedAlgorithm);
        }
    }
}
