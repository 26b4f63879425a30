using System;
using System.Collections.Generic;
using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using CrossHedgeLean.Reports;
using CrossHedgeLean.Reports.Page;

namespace CrossHedgeLean.Commands;

/// <summary><c>report</c>: makes one page of what a run kept.</summary>
internal sealed class ReportCommand
{
    private readonly LauncherConsole _console;

    private readonly Argument<string> _result = new("RESULT") { Description = "The folder that backtest --out made, or the result.json in it." };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The page to write; a page that is there is replaced.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "report.html",
    };

    private readonly Option<bool> _open = new("--open") { Description = "Also opens the page in the browser." };

    private ReportCommand(LauncherConsole console) => _console = console;

    /// <summary>Starts the platform's program for a file; whether it could be started. Another in tests.</summary>
    internal Func<string, bool> Opener { get; init; } = Open;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console) => Create(new ReportCommand(console));

    /// <summary>The same with another way to open a page.</summary>
    internal static Command Create(LauncherConsole console, Func<string, bool> opener) => Create(new ReportCommand(console) { Opener = opener });

    private static Command Create(ReportCommand report)
    {
        var command = new Command("report", "Makes one self-contained page of a run: equity, residual, accounts, venues, fills, checks.") { report._result, report._out, report._open };
        command.SetAction(report.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var errors = new List<string>();
        var path = _console.FullPath(parse.GetValue(_out)!);
        if (Directory.Exists(path))
        {
            errors.Add($"out {path} is a folder: give the page's file, as {Path.Combine(path, "report.html")}.");
        }

        var run = RunFolder.Read(_console.FullPath(parse.GetValue(_result)!), out var error);
        if (run is null)
        {
            errors.Add(error);
        }

        if (run is null || errors.Count > 0)
        {
            return Fail(errors);
        }

        if (Page(run, errors) is not { } page || !TryWrite(path, page, errors))
        {
            return Fail(errors);
        }

        _console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {page.Length / 1e6:0.00} MB. Open it in any browser; it needs no network."));
        if (parse.GetValue(_open) && !Opener(path))
        {
            _console.Error.WriteLine($"note: no browser could be started here: open {path} yourself.");
        }

        return ExitCode.Done;
    }

    private static byte[]? Page(RunFolder run, List<string> errors)
    {
        try
        {
            return Encoding.UTF8.GetBytes(ReportPage.Write(run));
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            errors.Add($"result {Path.Combine(run.Path, RunFolder.Result)} lacks what a result of its format has ({wrong.Message}): {RunFolder.Remedy}.");
            return null;
        }
    }

    /// <summary>As a whole or not at all.</summary>
    private static bool TryWrite(string path, byte[] page, List<string> errors)
    {
        var partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(partial, page);
            File.Move(partial, path, overwrite: true);
            return true;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            errors.Add($"out {path} cannot be written: {wrong.Message} Give a file that you may write to.");
            return false;
        }
    }

    private static bool Open(string path)
    {
        var (program, arguments) = OperatingSystem.IsWindows() ? ("cmd", new[] { "/c", "start", "", path })
            : OperatingSystem.IsMacOS() ? ("open", [path])
            : ("xdg-open", [path]);
        try
        {
            var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start);

            // It hands the page over and ends, or it is the browser and stays; a failure is there at once.
            return process is not null && (!process.WaitForExit(TimeSpan.FromSeconds(5)) || process.ExitCode == 0);
        }
        catch (Exception wrong) when (wrong is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private int Fail(List<string> errors)
    {
        _console.WriteErrors(errors);
        return ExitCode.BadInput;
    }
}
