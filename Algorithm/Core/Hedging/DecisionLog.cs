#nullable enable
using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// One line per decision and the SHA-256 over all lines: two runs that decided alike have the same hash. A line holds no
/// order id and no wall time, and decimals have no trailing zeros.
/// </summary>
public sealed class DecisionLog : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder _line = new();
    private byte[] _bytes = new byte[512];

    /// <summary>The columns, in order; the header of a written log.</summary>
    public static string Header => "time,group,cause,primary,primaryBuying,primarySelling,legs(held/buying/selling/price),residual,uncovered,reason,actions";

    /// <summary>Where lines go besides the hash, or null.</summary>
    public Action<string>? Sink { get; set; }

    /// <summary>Decisions so far.</summary>
    public long Count { get; private set; }

    /// <summary>SHA-256 over the lines so far, lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Appends one decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cause">What made us decide.</param>
    public void Append(HedgeDecision decision, DecisionCause cause)
    {
        Count++;
        Format(decision, cause);
        var length = Encoding.UTF8.GetMaxByteCount(_line.Length) + 1;
        if (_bytes.Length < length)
        {
            _bytes = new byte[length * 2];
        }

        var written = 0;
        foreach (var chunk in _line.GetChunks())
        {
            written += Encoding.UTF8.GetBytes(chunk.Span, _bytes.AsSpan(written));
        }

        _bytes[written++] = (byte)'\n';
        _hash.AppendData(_bytes, 0, written);
        Sink?.Invoke(_line.ToString());
    }

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();

    private void Format(HedgeDecision decision, DecisionCause cause)
    {
        var state = decision.State;
        _line.Clear();
        _line.Append(state.TimeUtc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
            .Append(',').Append(state.Group.Name)
            .Append(',').Append(cause == DecisionCause.Slice ? "slice" : "order")
            .Append(',').Append(Text.Decimal(state.PrimaryHeld))
            .Append(',').Append(Text.Decimal(state.PrimaryWorkingBuy))
            .Append(',').Append(Text.Decimal(state.PrimaryWorkingSell))
            .Append(',');
        for (var i = 0; i < state.Legs.Count; i++)
        {
            var leg = state.Legs[i];
            _line.Append(i == 0 ? "" : " ")
                .Append(Text.Decimal(leg.Held)).Append('/')
                .Append(Text.Decimal(leg.WorkingBuy)).Append('/')
                .Append(Text.Decimal(leg.WorkingSell)).Append('/')
                .Append(leg.InBackoff ? "backoff" : leg.FreshPrice is { } price ? Text.Decimal(price) : "stale");
        }

        _line.Append(',').Append(Text.Decimal(state.ResidualUnits))
            .Append(',').Append(Text.Decimal(decision.UncoveredUnits))
            .Append(',').Append(decision.Reason)
            .Append(',');
        for (var i = 0; i < decision.Actions.Count; i++)
        {
            _line.Append(i == 0 ? "" : " ");
            switch (decision.Actions[i])
            {
                case SendHedge send:
                    _line.Append("send ").Append(Text.Decimal(send.Quantity)).Append(" at ").Append(send.Instrument.Id);
                    break;
                case CancelHedge cancel:
                    _line.Append("cancel ").Append(cancel.Buys ? "buys" : "sells").Append(" at ").Append(cancel.Instrument.Id);
                    break;
            }
        }
    }
}

/// <summary>What made us decide.</summary>
public enum DecisionCause
{
    /// <summary>A slice with data.</summary>
    Slice,

    /// <summary>An order event of the group.</summary>
    OrderEvent,
}
