#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>A configuration, or everything that is wrong with it.</summary>
/// <param name="Value">The configuration; null if there is any error.</param>
/// <param name="Errors">Every error, each with its remedy; empty if there is none.</param>
/// <param name="Instruments">Every instrument that was understood, also where something else is wrong.</param>
public sealed record ConfigurationResult(
    HedgeConfiguration? Value, IReadOnlyList<string> Errors, IReadOnlyList<InstrumentId> Instruments);
