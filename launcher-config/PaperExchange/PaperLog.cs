using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.PaperExchange;

/// <summary>
/// The exchange's own record: every order as it arrived and everything that was said of it, one line each, on disk before
/// anybody is told. By it one sees afterwards how often an order really arrived, and an exchange that was killed goes on
/// where it stopped.
/// </summary>
internal sealed class PaperLog : IDisposable
{
    private readonly FileStream? _file;

    /// <summary>Opens the log.</summary>
    /// <param name="path">The file, which is gone on with; null: nothing is kept.</param>
    public PaperLog(string? path) => _file = path is null ? null : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    /// <summary>Writes a message.</summary>
    /// <param name="timeUtc">UTC.</param>
    /// <param name="account">The account.</param>
    /// <param name="isInbound">Whether the client said it.</param>
    /// <param name="message">The message.</param>
    public void Write(DateTime timeUtc, string account, bool isInbound, PaperMessage message)
    {
        if (_file is null)
        {
            return;
        }

        _file.Write(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{timeUtc:yyyy-MM-ddTHH:mm:ss.fffffffZ} {(isInbound ? '<' : '>')} {account} {message.Write()}\n")));
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Reads a log; a last line that was cut is left out.</summary>
    /// <param name="path">The file; one that is not there is empty.</param>
    /// <exception cref="IOException">A line is none of this log.</exception>
    public static IReadOnlyList<PaperLogLine> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var lines = new List<PaperLogLine>();
        var number = 0;
        var text = File.ReadAllText(path);
        foreach (var line in text.Split('\n')[..^1])
        {
            number++;
            var parts = line.Split(' ', 4);
            if (parts.Length < 4
                || !DateTime.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var timeUtc)
                || PaperMessage.Read(parts[3], out _) is not { } message)
            {
                throw new IOException($"line {number} of {path} is none of a paper exchange's log: give another file, or move this one away.");
            }

            lines.Add(new PaperLogLine(timeUtc, parts[2], parts[1] == "<", message));
        }

        return lines;
    }

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();
}

/// <summary>A line of the log.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="IsInbound">Whether the client said it.</param>
/// <param name="Message">The message.</param>
internal sealed record PaperLogLine(DateTime TimeUtc, string Account, bool IsInbound, PaperMessage Message);
