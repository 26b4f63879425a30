#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
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
    // Many short lines are hashed at once: each call into the system's cryptography costs as much as a line.
    private const int Batch = 8192;

    private static readonly string[] PairStates = Enum.GetNames<PairState>();
    private static readonly string[] Reasons = Enum.GetNames<UnhedgedReason>();

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<Instrument, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly char[] _time = new char[24];
    private DateTime _timeUtc;
    private char[] _line = new char[512];
    private int _length;
    private byte[] _unhashed = new byte[2 * Batch];
    private int _unhashedLength;

    /// <summary>The columns, in order; the header of a written log.</summary>
    public static string Header => "time,group,cause,pair,primary(held/buying/selling/price),legs(held/buying/selling/price),residual,uncovered,reason,actions";

    /// <summary>Where lines go besides the hash, or null.</summary>
    public Action<string>? Sink { get; set; }

    /// <summary>Decisions so far.</summary>
    public long Count { get; private set; }

    /// <summary>SHA-256 over the lines so far, lower-case hexadecimal.</summary>
    public string Hash
    {
        get
        {
            HashLines();
            return Convert.ToHexStringLower(_hash.GetCurrentHash());
        }
    }

    /// <summary>Appends one decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cause">What made us decide.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(in HedgeDecision decision, DecisionCause cause)
    {
        Count++;
        Format(decision, cause);
        Sink?.Invoke(new string(_line, 0, _length));
        Append('\n');
        var most = Encoding.UTF8.GetMaxByteCount(_length);
        if (_unhashed.Length - _unhashedLength < most)
        {
            HashLines();
            _unhashed = _unhashed.Length < most ? new byte[most + Batch] : _unhashed;
        }

        _unhashedLength += Encoding.UTF8.GetBytes(_line, 0, _length, _unhashed, _unhashedLength);
        if (_unhashedLength >= Batch)
        {
            HashLines();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();

    private void HashLines()
    {
        _hash.AppendData(_unhashed, 0, _unhashedLength);
        _unhashedLength = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Format(in HedgeDecision decision, DecisionCause cause)
    {
        var state = decision.State;
        _length = 0;
        AppendTime(state.TimeUtc);
        Append(',');
        Append(state.Group.Name);
        Append(cause == DecisionCause.Slice ? ",slice," : ",order,");
        Append(PairStates[(int)state.Pair]);
        Append(',');
        Append(state.Primary);
        Append(',');
        for (var i = 0; i < state.Legs.Length; i++)
        {
            Append(i == 0 ? "" : " ");
            Append(state.Legs[i]);
        }

        Append(',');
        Append(decision.ResidualUnits);
        Append(',');
        Append(decision.UncoveredUnits);
        Append(',');
        Append(Reasons[(int)decision.Reason]);
        Append(',');
        for (var i = 0; i < decision.Actions.Count; i++)
        {
            Append(i == 0 ? "" : " ");
            Append(decision.Actions[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(in LegState leg)
    {
        Append(leg.Held);
        Append('/');
        Append(leg.WorkingBuy);
        Append('/');
        Append(leg.WorkingSell);
        Append('/');
        if (!leg.HasUnknown && leg.Health == HealthState.Healthy && !leg.InBackoff && leg.FreshPrice is { } price)
        {
            Append(price);
        }
        else
        {
            Append(leg.HasUnknown ? "unknown"
                : leg.Health != HealthState.Healthy ? leg.Health.ToString().ToLowerInvariant()
                : leg.InBackoff ? "backoff"
                : "stale");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(HedgeAction action)
    {
        switch (action)
        {
            case SendHedge send:
                Append("send ");
                Append(send.Quantity);
                if (send.LimitPrice is { } limit)
                {
                    Append(" limit ");
                    Append(limit);
                }

                break;
            case ReducePrimary reduce:
                Append("reduce ");
                Append(reduce.Quantity);
                break;
            case CancelHedge { Buys: var buys }:
                Append(buys ? "cancel buys" : "cancel sells");
                break;
            case CancelPrimary { Buys: var buys }:
                Append(buys ? "cancel buys" : "cancel sells");
                break;
        }

        if (!_names.TryGetValue(action.Instrument, out var name))
        {
            _names.Add(action.Instrument, name = action.Instrument.Id.ToString());
        }

        Append(" at ");
        Append(name);
    }

    /// <summary>Many groups decide at one time: it is written once.</summary>
    private void AppendTime(DateTime timeUtc)
    {
        if (timeUtc != _timeUtc || _time[0] == default)
        {
            // "s" has a way of its own in the runtime; the milliseconds would send all of it through the slow one.
            _timeUtc = timeUtc;
            timeUtc.TryFormat(_time, out var length, "s", CultureInfo.InvariantCulture);
            _time[length] = '.';
            for (var (i, rest) = (3, timeUtc.Millisecond); i > 0; i--, rest /= 10)
            {
                _time[length + i] = (char)('0' + (rest % 10));
            }

            _time[length + 4] = 'Z';
        }

        Append(_time);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(decimal value)
    {
        MakeRoom(Text.LongestDecimal);
        _length += Text.Write(value, _line.AsSpan(_length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(ReadOnlySpan<char> text)
    {
        MakeRoom(text.Length);
        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(char character)
    {
        MakeRoom(1);
        _line[_length++] = character;
    }

    private void MakeRoom(int characters)
    {
        if (_line.Length - _length < characters)
        {
            Array.Resize(ref _line, (2 * _line.Length) + characters);
        }
    }
}
