namespace QuantConnect.Interfaces
{
    /// <summary>Handles an event of an algorithm.</summary>
    public delegate void AlgorithmEvent<in T>(IAlgorithm algorithm, T eventData);

    /// <summary>Knows the account currency.</summary>
    public interface IAccountCurrencyProvider { }

    /// <summary>The part of an algorithm that models look at.</summary>
    public interface IAlgorithm : ISecurityInitializerProvider, IAccountCurrencyProvider
    {
        event AlgorithmEvent<GeneratedInsightsCollection> InsightsGenerated;
        ITimeKeeper TimeKeeper { get; }
        SecurityManager Securities { get; }
        SecurityPortfolioManager Portfolio { get; }
        SecurityTransactionManager Transactions { get; }
        IBrokerageModel BrokerageModel { get; }
        bool IsWarmingUp { get; }
        bool LiveMode { get; }
        DateTime UtcTime { get; }
        Exception RunTimeError { get; set; }
        InsightManager Insights { get; }
        IAlgorithmSettings Settings { get; }
        void Debug(string message);
        void Error(string message);
        void SetStatus(AlgorithmStatus status);
    }
}

namespace QuantConnect.Benchmarks
{
    /// <summary>What the algorithm is compared with.</summary>
    public interface IBenchmark { }

    /// <summary>A benchmark from a function of the time.</summary>
    public class FuncBenchmark : IBenchmark
    {
        private readonly Func<DateTime, decimal> _value;
        public FuncBenchmark(Func<DateTime, decimal> benchmark)
        {
            ArgumentNullException.ThrowIfNull(benchmark);
            _value = benchmark;
        }
    }

    /// <summary>The price of a security in the account currency.</summary>
    public class SecurityBenchmark(Security security) : IBenchmark
    {
        public Security Security { get; } = security;
        public static SecurityBenchmark CreateInstance(SecurityManager securities, Symbol symbol) => new(securities.CreateBenchmarkSecurity(symbol));
    }
}

namespace QuantConnect
{
    public static partial class Extensions
    {
        public static void SetRuntimeError(this IAlgorithm algorithm, Exception exception, string context)
        {
            Log.Error(exception, $"Runtime error in {context} at {algorithm.UtcTime.ToStringInvariant()} UTC:");
            algorithm.RunTimeError = exception;
            algorithm.SetStatus(AlgorithmStatus.RuntimeError);
        }
    }
}
