namespace QuantConnect.Algorithm;

public partial class QCAlgorithm
{
    private string _lastDebug = string.Empty;
    private string _lastError = string.Empty;
    public ConcurrentQueue<string> DebugMessages { get; set; } = new();
    public ConcurrentQueue<string> LogMessages { get; set; } = new();
    public ConcurrentQueue<string> ErrorMessages { get; set; } = new();
    public void Debug(string message) => Enqueue(DebugMessages, message, ref _lastDebug);
    public void Error(string message) => Enqueue(ErrorMessages, message, ref _lastError);
    public virtual bool? OnCommand(dynamic data) => true;
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
