using System;

namespace QuantConnect.Logging;

/// <summary>Takes log lines.</summary>
public interface ILogHandler : IDisposable
{
    /// <summary>An error.</summary>
    void Error(string text);

    /// <summary>A detail.</summary>
    void Debug(string text);

    /// <summary>A message.</summary>
    void Trace(string text);
}

/// <summary>The process's log; silent until a handler is set.</summary>
public static class Log
{
    /// <summary>Takes the lines; null drops them.</summary>
    public static ILogHandler LogHandler { get; set; }

    /// <summary>True if details are logged.</summary>
    public static bool DebuggingEnabled { get; set; }

    public static void Error(string error, bool overrideMessageFloodProtection = false) => LogHandler?.Error(error);

    /// <summary>Logs an exception.</summary>
    public static void Error(Exception exception, string message = null, bool overrideMessageFloodProtection = false) =>
        LogHandler?.Error(string.IsNullOrEmpty(message) ? exception.ToString() : $"{message} {exception}");

    public static void Trace(string traceText, bool overrideMessageFloodProtection = false) => LogHandler?.Trace(traceText);

    /// <summary>Logs a detail.</summary>
    public static void Debug(string text, int level = 1)
    {
        if (DebuggingEnabled)
            LogHandler?.Debug(text);
    }
}
