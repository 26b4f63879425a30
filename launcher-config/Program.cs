using CrossHedgeLean.Commands;

namespace CrossHedgeLean;

/// <summary>The command-line launcher: exit code 0 done, 1 the run failed, 2 bad input.</summary>
public static class Program
{
    /// <summary>Runs one command.</summary>
    public static int Main(string[] arguments) => LauncherCommands.Run(arguments, LauncherConsole.ForProcess());
}
