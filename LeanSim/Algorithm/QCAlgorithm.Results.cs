using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using QuantConnect.Commands;

namespace QuantConnect.Algorithm;

public partial class QCAlgorithm
{
    private static readonly HashSet<string> _reservedCharts = new() { "Assets Sales Volume", "Exposure", "Portfolio Margin" };
    private static readonly HashSet<(string, string)> _reservedSeries = new()
    {
        ("Strategy Equity", "Equity"), ("Strategy Equity", "Return"), ("Capacity", "Strategy Capacity"), ("Drawdown", "Equity Drawdown"),
        ("Benchmark", "Benchmark"), ("Portfolio Turnover", "Portfolio Turnover")
    };

    private readonly Dictionary<string, Chart> _charts = new();
    private readonly Dictionary<string, Func<string, bool?>> _commands = new(StringComparer.OrdinalIgnoreCase);
    private string _lastDebug = string.Empty;
    private string _lastError = string.Empty;

    /// <summary>Messages not yet taken by the host.</summary>
    public ConcurrentQueue<string> DebugMessages { get; set; } = new();
    public ConcurrentQueue<string> LogMessages { get; set; } = new();
    public ConcurrentQueue<string> ErrorMessages { get; set; } = new();
    public ConcurrentDictionary<string, string> RuntimeStatistics { get; } = new();
    internal Dictionary<string, string> SummaryStatistics { get; } = new();
    internal IReadOnlyDictionary<string, Chart> Charts => _charts;

    /// <summary>A message for the host; empty and repeated ones are dropped.</summary>
    public void Debug(string message) => Enqueue(DebugMessages, message, ref _lastDebug);
    public void Debug(int message) => Debug(message.ToStringInvariant());
    public void Debug(double message) => Debug(message.ToStringInvariant());
    public void Debug(decimal message) => Debug(message.ToStringInvariant());

    public void Log(string message)
    {
        if (!string.IsNullOrEmpty(message))
        {
            LogMessages.Enqueue(Stamp(message));
        }
    }

    public void Log(int message) => Log(message.ToStringInvariant());
    public void Log(double message) => Log(message.ToStringInvariant());
    public void Log(decimal message) => Log(message.ToStringInvariant());

    /// <summary>An error message for the host; empty and repeated ones are dropped.</summary>
    public void Error(string message) => Enqueue(ErrorMessages, message, ref _lastError);
    public void Error(int message) => Error(message.ToStringInvariant());
    public void Error(double message) => Error(message.ToStringInvariant());
    public void Error(decimal message) => Error(message.ToStringInvariant());
    public void Error(Exception error) => Error(error.Message);

    /// <summary>Ends the run after this step.</summary>
    public void Quit(string message = "")
    {
        Debug("Quit(): " + message);
        Status = AlgorithmStatus.Stopped;
    }

    public void SetQuit(bool quit)
    {
        if (quit)
        {
            Status = AlgorithmStatus.Stopped;
        }
    }

    public void AddChart(Chart chart) => _charts.TryAdd(chart.Name, chart);

    public void AddSeries(string chart, string series, SeriesType seriesType, string unit = "$")
        => ChartOf(chart).Series[series] = new Series(series, seriesType, unit);

    public void Plot(string series, decimal value) => Plot("Strategy Equity", series, value);
    public void Plot(string series, double value) => Plot(series, value.SafeDecimalCast());
    public void Plot(string series, int value) => Plot(series, (decimal)value);
    public void Plot(string series, float value) => Plot(series, (double)value);
    public void Plot(string chart, string series, double value) => Plot(chart, series, value.SafeDecimalCast());
    public void Plot(string chart, string series, int value) => Plot(chart, series, (decimal)value);
    public void Plot(string chart, string series, float value) => Plot(chart, series, (double)value);

    public void Plot(string chart, string series, decimal value)
    {
        if (_reservedCharts.Contains(chart) || _reservedSeries.Contains((chart, series)))
        {
            throw new ArgumentException($"'{series}' of chart '{chart}' is a reserved name.");
        }
        var all = ChartOf(chart).Series;
        if (!all.TryGetValue(series, out var target))
        {
            all[series] = target = new Series(series);
        }
        ((Series)target).AddPoint(UtcTime, value);
    }

    public void Record(string series, int value) => Plot(series, value);
    public void Record(string series, double value) => Plot(series, value);
    public void Record(string series, decimal value) => Plot(series, value);
    public void SetRuntimeStatistic(string name, string value) => RuntimeStatistics[name] = value;
    public void SetRuntimeStatistic(string name, decimal value) => SetRuntimeStatistic(name, value.ToStringInvariant());
    public void SetRuntimeStatistic(string name, int value) => SetRuntimeStatistic(name, value.ToStringInvariant());
    public void SetRuntimeStatistic(string name, double value) => SetRuntimeStatistic(name, value.ToStringInvariant());

    public void SetSummaryStatistic(string name, string value)
    {
        if (int.TryParse(name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 100)
        {
            throw new ArgumentException($"'{name}' is a reserved statistic name.");
        }
        SummaryStatistics[name] = value;
    }

    public void SetSummaryStatistic(string name, int value) => SetSummaryStatistic(name, value.ToStringInvariant());
    public void SetSummaryStatistic(string name, double value) => SetSummaryStatistic(name, value.ToStringInvariant());
    public void SetSummaryStatistic(string name, decimal value) => SetSummaryStatistic(name, value.ToStringInvariant());

    /// <summary>A command without a registered type.</summary>
    public virtual bool? OnCommand(dynamic data) => true;

    public void AddCommand<T>()
        where T : Command
        => _commands[typeof(T).Name] = payload => Newtonsoft.Json.JsonConvert.DeserializeObject<T>(payload).Run(this);

    /// <summary>Delivers a command: to the registered type of this name, or to OnCommand when there is no name.</summary>
    internal bool? Deliver(string type, string payload)
    {
        if (string.IsNullOrEmpty(type))
        {
            return OnCommand(string.IsNullOrEmpty(payload) ? null : Newtonsoft.Json.JsonConvert.DeserializeObject<Command>(payload));
        }
        if (_commands.TryGetValue(type, out var run))
        {
            return run(payload);
        }
        Log($"The command type '{type}' is not registered: ignored.");
        return null;
    }

    private Chart ChartOf(string name)
    {
        if (!_charts.TryGetValue(name, out var chart))
        {
            _charts[name] = chart = new Chart(name);
        }
        return chart;
    }

    private void Enqueue(ConcurrentQueue<string> queue, string message, ref string last)
    {
        if (!string.IsNullOrEmpty(message) && message != last)
        {
            queue.Enqueue(Stamp(message));
            last = message;
        }
    }

    private string Stamp(string message) => Time.ToStringInvariant("yyyy-MM-dd HH:mm:ss") + " " + message;
}
