#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Framework;

/// <summary>
/// Has everything compiled that steps and orders run, beside LEAN's own preparation of the run: else the thread that
/// trades would stop for it at each method's first call, and in live that is on the way to a hedge.
/// </summary>
internal static class EarlyCompilation
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Lazy<Task<int>> Once = new(() => Task.Run(() => Compile(OwnTypes())));

    /// <summary>What is under way or done: how many methods were compiled. Null before <see cref="Begin"/>.</summary>
    public static Task<int>? Work => Once.IsValueCreated ? Once.Value : null;

    /// <summary>Begins it, once in a process. Nobody need wait for it: what it has not reached is compiled when it is called.</summary>
    public static void Begin() => _ = Once.Value;

    /// <summary>Compiles the methods of types that the runtime is told to compile once and for good; see <see cref="HedgeDesk"/>.</summary>
    /// <returns>How many they are.</returns>
    internal static int Compile(IEnumerable<Type> types)
    {
        var count = 0;
        foreach (var method in types.SelectMany(type => type.GetMethods(Declared)))
        {
            if (method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization) && !method.ContainsGenericParameters)
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
                count++;
            }
        }

        return count;
    }

    /// <summary>Core's and this assembly's, which are one where the cloud compiles them as one.</summary>
    private static IEnumerable<Type> OwnTypes()
        => new[] { typeof(HedgeDesk).Assembly, typeof(EarlyCompilation).Assembly }.Distinct().SelectMany(assembly => assembly.GetTypes());
}
