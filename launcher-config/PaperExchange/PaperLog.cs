using System;
using System.Globalization;
using System.IO;
using System.Text;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.PaperExchange;

/// <summary>
/// The exchange's own record: every order as it arrived and everything that was said of it, one line each, on disk before
/// anybody is told. By it one sees afterwards how often an order really arrived.
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

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();
}
