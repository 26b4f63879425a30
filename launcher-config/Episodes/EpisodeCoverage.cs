using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Episodes;

/// <summary>A fault, the state of the pair that it strikes, and whether it strikes at the primary or a hedge leg.</summary>
internal readonly record struct EpisodeCell(EpisodeFault Fault, PairState State, bool OnPrimary);

/// <summary>Which faults struck in which states, over many episodes.</summary>
internal sealed class EpisodeCoverage
{
    private static readonly int States = Enum.GetValues<PairState>().Length;

    private readonly int[] _counts = new int[Enum.GetValues<EpisodeFault>().Length * States * 2];

    /// <summary>The cells that can occur, always in the same order.</summary>
    public static IReadOnlyList<EpisodeCell> Possible { get; } = FindPossible();

    /// <summary>How often a cell occurred.</summary>
    public int this[EpisodeCell cell] => _counts[IndexOf(cell)];

    /// <summary>Why a cell cannot occur; null if it can.</summary>
    public static string? WhyImpossible(EpisodeCell cell)
        => cell.State == PairState.Idle && cell.Fault is EpisodeFault.CancelRace or EpisodeFault.CancelRefused
            ? "an order that is being canceled works, and a pair with a working order is not idle"
            : cell is { Fault: EpisodeFault.Depeg, OnPrimary: true } ? "a currency is no leg: a depeg is counted once, beside the hedge"
            : null;

    /// <summary>Counts one.</summary>
    public void Count(EpisodeCell cell) => _counts[IndexOf(cell)]++;

    /// <summary>Adds what another counted.</summary>
    public void Add(EpisodeCoverage other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <summary>The cells that can occur and did not.</summary>
    public List<EpisodeCell> Empty()
    {
        var empty = new List<EpisodeCell>();
        foreach (var cell in Possible)
        {
            if (this[cell] == 0)
            {
                empty.Add(cell);
            }
        }

        return empty;
    }

    private static int IndexOf(EpisodeCell cell) => ((((int)cell.Fault * States) + (int)cell.State) * 2) + (cell.OnPrimary ? 0 : 1);

    private static List<EpisodeCell> FindPossible()
    {
        var cells = new List<EpisodeCell>();
        foreach (var state in Enum.GetValues<PairState>())
        {
            foreach (var fault in Enum.GetValues<EpisodeFault>())
            {
                foreach (var onPrimary in new[] { true, false })
                {
                    var cell = new EpisodeCell(fault, state, onPrimary);
                    if (WhyImpossible(cell) is null)
                    {
                        cells.Add(cell);
                    }
                }
            }
        }

        return cells;
    }
}
