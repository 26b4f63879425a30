using System.Collections.Generic;

namespace CrossHedgeLean.Checks;

/// <summary>What a check found.</summary>
/// <param name="Errors">What makes the run impossible or its result wrong, each with its remedy.</param>
/// <param name="Notices">What the user should know and may be meant so.</param>
public sealed record CheckResult(IReadOnlyList<string> Errors, IReadOnlyList<string> Notices);
