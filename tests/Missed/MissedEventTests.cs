using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>What a live run does not hear of, on the engine of this build: LeanSim, or LEAN itself.</summary>
[TestFixture]
public sealed partial class MissedEventTests
{
    private static IEnumerable<TestCaseData> Events() => MissedEvent.All.Select(missed => new TestCaseData(missed.Name).SetArgDisplayNames(missed.Name));

    [TestCaseSource(nameof(Events))]
    public void IsKnownInTheEnd(string name) => MissedStages.Run(name);
}
