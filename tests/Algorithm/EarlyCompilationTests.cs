using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using CrossHedgeLean.Framework;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>What is compiled before a run begins.</summary>
[TestFixture]
public sealed class EarlyCompilationTests
{
    [Test]
    public async Task SetupBeginsIt()
    {
        EngineRuns.OnlyOnLeanSim();
        EngineRuns.Run(() => new CrossHedgeAlgorithm(), EngineRuns.Parameters);

        Assert.That(EarlyCompilation.Work, Is.Not.Null);
        Assert.That(await EarlyCompilation.Work!, Is.GreaterThan(100));
    }

    [Test]
    public void OnlyWhatIsMarkedIsCompiled()
    {
        // The first call compiles what looks for the methods, too.
        EarlyCompilation.Compile([typeof(First)]);
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        var count = EarlyCompilation.Compile([typeof(Second)]);
        var compiled = JitInfo.GetCompiledMethodCount(currentThread: true) - before;

        Assert.That((count, compiled), Is.EqualTo((1, 1L)));
    }

    private static class First
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static int Marked(int value) => value + 1;
    }

    private static class Second
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Marked(int value) => value + 2;

        public static int Unmarked(int value) => Marked(value) + Generic(value);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static T Generic<T>(T value) => value;
    }
}
