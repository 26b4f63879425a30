using System;
using System.Collections.Generic;
using System.IO;

namespace CrossHedgeLean.Commands;

/// <summary>Where a command reads relative paths from and writes to.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Errors, notices and progress.</param>
/// <param name="WorkingDirectory">The folder that relative paths start from.</param>
/// <param name="IsTerminal">Whether <paramref name="Error"/> is a terminal, on which a line can be rewritten.</param>
public sealed record LauncherConsole(TextWriter Output, TextWriter Error, string WorkingDirectory, bool IsTerminal)
{
    /// <summary>
    /// The process's own console. The writers are kept from the start: LEAN puts others into Console.Out and Console.Error while
    /// it runs.
    /// </summary>
    public static LauncherConsole ForProcess() =>
        new(Console.Out, Console.Error, Directory.GetCurrentDirectory(), !Console.IsErrorRedirected);

    /// <summary>An absolute path of one that the user gave.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>Writes errors, one line each at least.</summary>
    public void WriteErrors(IEnumerable<string> errors)
    {
        foreach (var error in errors)
        {
            Error.WriteLine("error: " + error);
        }
    }
}
