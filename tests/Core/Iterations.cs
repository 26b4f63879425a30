using System;
using System.Globalization;

namespace CrossHedgeLean.Tests.Core;

/// <summary>How many random cases a property tries: what it asks for, or fewer where CROSSHEDGE_ITER says so (mutation runs).</summary>
internal static class Iterations
{
    private static readonly long? Most = long.TryParse(Environment.GetEnvironmentVariable("CROSSHEDGE_ITER"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;

    public static long Of(long wanted) => Most < wanted ? Most.Value : wanted;
}
