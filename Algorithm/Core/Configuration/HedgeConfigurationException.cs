#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Configuration;

/// <summary>Everything that is wrong with a configuration, in one exception.</summary>
public sealed class HedgeConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Every error, each with its remedy; at least one.</param>
    public HedgeConfigurationException(IEnumerable<string> errors)
        : this(errors.ToArray())
    {
    }

    private HedgeConfigurationException(string[] errors)
        : base(string.Join(Environment.NewLine, errors))
        => Errors = errors;

    /// <summary>Every error, each with its remedy.</summary>
    public IReadOnlyList<string> Errors { get; }
}
