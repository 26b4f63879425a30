using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Live;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Tests.Live;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>Runs of a missed event on the engine of this build: LeanSim, under a virtual clock.</summary>
internal static class MissedStages
{
    public static void Run(string name)
    {
        var missed = MissedEvent.All.Single(missed => missed.Name == name);
        var stage = new PacedStage(missed);
        PacedRun.Of(
            MissedParameters.Of(missed),
            TimeSpan.FromMinutes(10),
            network: (exchange, _) => stage.Network.To(exchange),
            step: run => missed.Step(stage.At(run)),
            journal: new MemoryJournalStore("missed", TimeProvider.System));
        missed.Check(stage);
    }

    private sealed class PacedStage : MissedStage
    {
        private PacedRun? _run;

        public PacedStage(MissedEvent missed) => Network = new MissedNetwork(missed);

        public override CrossHedgeAlgorithm Algorithm => _run!.Algorithm;

        public override IReadOnlyList<string> Said => _run?.Said ?? [];

        public override T AtExchange<T>(Func<PaperVenues, T> ask) => ask(_run!.Venues);

        public PacedStage At(PacedRun run)
        {
            _run = run;
            return this;
        }
    }
}
