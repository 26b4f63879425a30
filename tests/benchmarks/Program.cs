using System.CommandLine;
using CrossHedgeLean.Benchmarks;

return new RootCommand("Benchmarks of CrossHedgeLean; see README.md beside this project.")
{
    EngineCommand.Create(),
    EngineCommand.CreateOnce(),
    MarginCommand.Create(),
    DecisionCommand.Create(),
    RoutingCommand.Create(),
    JournalCommand.Create(),
    OverheadCommand.Create(),
    OverheadCommand.CreateOnce(),
}.Parse(args).Invoke();
