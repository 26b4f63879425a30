using System;
using System.Collections.Concurrent;
using NodaTime;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Algorithm.Framework.Alphas.Analysis;
using QuantConnect.Benchmarks;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Data.UniverseSelection;
using QuantConnect.Interfaces;
using QuantConnect.Logging;
using QuantConnect.Notifications;
using QuantConnect.Scheduling;
using QuantConnect.Securities;

namespace QuantConnect.Interfaces
{
    /// <summary>Handles an event of an algorithm.</summary>
    public delegate void AlgorithmEvent<in T>(IAlgorithm algorithm, T eventData);

    /// <summary>Knows the account currency.</summary>
    public interface IAccountCurrencyProvider
    {
        string AccountCurrency { get; }
    }

    /// <summary>The part of an algorithm that models look at.</summary>
    public interface IAlgorithm : ISecurityInitializerProvider, IAccountCurrencyProvider
    {
        event AlgorithmEvent<GeneratedInsightsCollection> InsightsGenerated;
        ITimeKeeper TimeKeeper { get; }
        SubscriptionManager SubscriptionManager { get; }
        int ProjectId { get; set; }
        SecurityManager Securities { get; }
        UniverseManager UniverseManager { get; }
        SecurityPortfolioManager Portfolio { get; }
        SecurityTransactionManager Transactions { get; }
        IBrokerageModel BrokerageModel { get; }
        BrokerageName BrokerageName { get; }
        IRiskFreeInterestRateModel RiskFreeInterestRateModel { get; }
        NotificationManager Notify { get; }
        ScheduleManager Schedule { get; }
        AlgorithmStatus Status { get; set; }
        bool IsWarmingUp { get; }
        string Name { get; set; }
        DateTime Time { get; }
        DateTimeZone TimeZone { get; }
        DateTime UtcTime { get; }
        DateTime StartDate { get; }
        DateTime EndDate { get; }
        string AlgorithmId { get; }
        bool LiveMode { get; }
        UniverseSettings UniverseSettings { get; }
        Exception RunTimeError { get; set; }
        ConcurrentDictionary<string, string> RuntimeStatistics { get; }
        IBenchmark Benchmark { get; }
        InsightManager Insights { get; }
        IAlgorithmSettings Settings { get; }
        Slice CurrentSlice { get; }
        void Debug(string message);
        void Log(string message);
        void Error(string message);
        void SetStatus(AlgorithmStatus status);
    }
}

namespace QuantConnect.Benchmarks
{
    /// <summary>What the algorithm is compared with.</summary>
    public interface IBenchmark
    {
        decimal Evaluate(DateTime time);
    }

    /// <summary>A benchmark from a function of the time.</summary>
    public class FuncBenchmark : IBenchmark
    {
        private readonly Func<DateTime, decimal> _value;

        public FuncBenchmark(Func<DateTime, decimal> benchmark)
        {
            ArgumentNullException.ThrowIfNull(benchmark);
            _value = benchmark;
        }

        public decimal Evaluate(DateTime time) => _value(time);
    }

    /// <summary>The price of a security in the account currency.</summary>
    public class SecurityBenchmark : IBenchmark
    {
        public SecurityBenchmark(Security security)
        {
            Security = security;
        }

        public Security Security { get; }
        public static SecurityBenchmark CreateInstance(SecurityManager securities, Symbol symbol) => new(securities.CreateBenchmarkSecurity(symbol));
        public decimal Evaluate(DateTime time) => Security.Price * Security.QuoteCurrency.ConversionRate;
    }
}

namespace QuantConnect
{
    public static partial class Extensions
    {
        /// <summary>Stops the algorithm with an error.</summary>
        public static void SetRuntimeError(this IAlgorithm algorithm, Exception exception, string context)
        {
            Log.Error(exception, $"Runtime error in {context} at {algorithm.UtcTime.ToStringInvariant()} UTC:");
            algorithm.RunTimeError = exception;
            algorithm.SetStatus(AlgorithmStatus.RuntimeError);
        }

        /// <summary>Makes added securities active; resets removed ones that no universe holds any more.</summary>
        public static void ProcessSecurityChanges(this IAlgorithm algorithm, SecurityChanges securityChanges)
        {
            foreach (var security in securityChanges.AddedSecurities)
            {
                algorithm.Securities.Add(security);
            }
            foreach (var security in securityChanges.RemovedSecurities)
            {
                if (!algorithm.UniverseManager.IsMember(security.Symbol))
                {
                    security.Reset();
                }
            }
        }
    }
}
