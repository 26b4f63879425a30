namespace QuantConnect.Logging;

/// <summary>Takes log lines.</summary>
public interface ILogHandler : IDisposable
{
    void Error(string text);
    void Trace(string text);
}

/// <summary>The process's log; silent until a handler is set.</summary>
public static class Log
{
    public static ILogHandler LogHandler { get; set; }
    public static void Error(string error, bool overrideMessageFloodProtection = false) => LogHandler?.Error(error);

    public static void Error(Exception exception, string message = null, bool overrideMessageFloodProtection = false) =>
        LogHandler?.Error(string.IsNullOrEmpty(message) ? exception.ToString() : $"{message} {exception}");

    public static void Trace(string traceText, bool overrideMessageFloodProtection = false) => LogHandler?.Trace(traceText);
}
