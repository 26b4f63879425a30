using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace CrossHedgeLean.Live;

/// <summary>The paper exchange as a process of this launcher's own. It ends when its standard input does, so that it never outlives whoever started it.</summary>
internal sealed class ExchangeProcess : IDisposable
{
    private const int WaitMilliseconds = 5_000;

    private readonly Process _process;

    private ExchangeProcess(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens, on this machine.</summary>
    public int Port { get; }

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="arguments">Of the command <c>exchange</c>, without the port.</param>
    /// <param name="happened">Told what it says, on any thread.</param>
    /// <param name="errors">Gets what kept it from starting.</param>
    /// <returns>Null if it did not start.</returns>
    public static ExchangeProcess? Start(IEnumerable<string> arguments, Action<string> happened, List<string> errors)
    {
        var own = Environment.ProcessPath!;
        var start = new ProcessStartInfo(own) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(own) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ExchangeProcess).Assembly.Location);
        }

        foreach (var argument in (string[])["exchange", .. arguments, "--port", "0", "--attached"])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var first = process.StandardOutput.ReadLine();
        while (first is not null && PortOf(first) is null)
        {
            // On LEAN its log comes first.
            first = process.StandardOutput.ReadLine();
        }

        if (first is null || PortOf(first) is not { } port)
        {
            // It said why, and ends.
            errors.AddRange(process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).Select(line => line.StartsWith("error: ", StringComparison.Ordinal) ? line[7..] : line));
            process.WaitForExit();
            process.Dispose();
            return null;
        }

        happened(first);
        Forward(process.StandardOutput, happened);
        Forward(process.StandardError, happened);
        return new ExchangeProcess(process, port);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(WaitMilliseconds))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static int? PortOf(string line)
    {
        const string Before = "127.0.0.1:";
        var at = line.IndexOf(Before, StringComparison.Ordinal);
        var digits = at < 0 ? "" : string.Concat(line[(at + Before.Length)..].TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    private static void Forward(StreamReader from, Action<string> happened) => new Thread(() =>
    {
        while (from.ReadLine() is { } line)
        {
            happened(line);
        }
    })
    { IsBackground = true, Name = "words of the exchange" }.Start();
}
