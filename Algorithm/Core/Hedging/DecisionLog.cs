#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// One line per decision and the SHA-256 over all lines: two runs that decided alike have the same hash. A line holds no
/// order id and no wall time, and decimals have no trailing zeros.
/// </summary>
public sealed class DecisionLog : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder _line = new();
    private readonly Dictionary<Instrument, string> _names = new(ReferenceEqualityComparer.Instance);
    private byte[] _bytes = new byte[512];

    /// <summary>The columns, in order; the header of a written log.</summary>
    public static string Header => "time,group,cause,pair,primary(held/buying/selling/price),legs(held/buying/selling/price),residual,uncovered,reason,actions";

    /// <summary>Where lines go besides the hash, or null.</summary>
    public Action<string>? Sink { get; set; }

    /// <summary>Decisions so far.</summary>
    public long Count { get; private set; }

    /// <summary>SHA-256 over the lines so far, lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Appends one decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cause">What made us decide.</param>
    public void Append(in HedgeDecision decision, DecisionCause cause)
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

    private void Format(in HedgeDecision decision, DecisionCause cause)
    {
        var state = decision.State;
        _line.Clear();
        _line.Append(CultureInfo.InvariantCulture, $"{state.TimeUtc:yyyy-MM-ddTHH:mm:ss.fffZ}")
            .Append(',').Append(state.Group.Name)
            .Append(',').Append(cause == DecisionCause.Slice ? "slice" : "order")
            .Append(',').Append(state.Pair.ToString())
            .Append(',');
        Append(state.Primary);
        _line.Append(',');
        for (var i = 0; i < state.Legs.Length; i++)
        {
            _line.Append(i == 0 ? "" : " ");
            Append(state.Legs[i]);
        }

        _line.Append(',');
        Append(state.ResidualUnits);
        _line.Append(',');
        Append(decision.UncoveredUnits);
        _line.Append(',').Append(decision.Reason.ToString())
            .Append(',');
        for (var i = 0; i < decision.Actions.Count; i++)
        {
            _line.Append(i == 0 ? "" : " ");
            Append(decision.Actions[i]);
        }
    }

    private void Append(in LegState leg)
    {
        Append(leg.Held);
        _line.Append('/');
        Append(leg.WorkingBuy);
        _line.Append('/');
        Append(leg.WorkingSell);
        _line.Append('/');
        if (!leg.HasUnknown && leg.Health == HealthState.Healthy && !leg.InBackoff && leg.FreshPrice is { } price)
        {
            Append(price);
        }
        else
        {
            _line.Append(leg.HasUnknown ? "unknown"
                : leg.Health != HealthState.Healthy ? leg.Health.ToString().ToLowerInvariant()
                : leg.InBackoff ? "backoff"
                : "stale");
        }
    }

    /// <summary>As <see cref="Text.Decimal"/>, without a string of its own.</summary>
    private void Append(decimal value) => _line.Append(CultureInfo.InvariantCulture, $"{Text.Normalize(value)}");

    private void Append(HedgeAction action)
    {
        switch (action)
        {
            case SendHedge send:
                _line.Append("send ");
                Append(send.Quantity);
                if (send.LimitPrice is { } limit)
                {
                    _line.Append(" limit ");
                    Append(limit);
                }

                break;
            case ReducePrimary reduce:
                _line.Append("reduce ");
                Append(reduce.Quantity);
                break;
            case CancelHedge { Buys: var buys }:
                _line.Append("cancel ").Append(buys ? "buys" : "sells");
                break;
            case CancelPrimary { Buys: var buys }:
                _line.Append("cancel ").Append(buys ? "buys" : "sells");
                break;
        }

        if (!_names.TryGetValue(action.Instrument, out var name))
        {
            _names.Add(action.Instrument, name = action.Instrument.Id.ToString());
        }

        _line.Append(" at ").Append(name);
    }
}
