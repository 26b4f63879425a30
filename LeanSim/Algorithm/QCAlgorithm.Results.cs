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
    public ConcurrentQueue<string> DebugMessages { get; set; } = new();
    public ConcurrentQueue<string> LogMessages { get; set; } = new();
    public ConcurrentQueue<string> ErrorMessages { get; set; } = new();
    public ConcurrentDictionary<string, string> RuntimeStatistics { get; } = new();
    internal Dictionary<string, string> SummaryStatistics { get; } = new();
    internal IReadOnlyDictionary<string, Chart> Charts => _charts;
    public void Debug(string message) => Enqueue(DebugMessages, message, ref _lastDebug);
    public void Error(string message) => Enqueue(ErrorMessages, message, ref _lastError);
    public void Quit(string message = "")
    {
        Debug("Quit(): " + message);
        Status = AlgorithmStatus.Stopped;
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
