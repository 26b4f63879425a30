using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using CrossHedgeLean.Checks;

namespace CrossHedgeLean.Commands;

/// <summary><c>workspace</c>: a checkout in a workspace of LEAN CLI, and in QuantConnect's cloud.</summary>
internal sealed class WorkspaceCommand
{
    private readonly LauncherConsole _console;

    private readonly Argument<string> _folder = new("DIR")
    {
        Description = "The checkout, or its project Algorithm.",
        DefaultValueFactory = _ => ".",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _framework = new("--image-framework")
    {
        Description = "The label target_framework of the image that LEAN CLI runs, as docker inspect shows it.",
        HelpName = "TFM",
    };

    private readonly Option<string> _tier = new("--tier")
    {
        Description = "The organisation's tier in the cloud: " + string.Join(", ", CloudTier.All.Select(tier => tier.Name)) + ".",
        HelpName = "TIER",
        DefaultValueFactory = _ => "researcher",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = $"The workspace: the folder from which lean cloud push is run. Gets the folders {CloudLayout.ProjectName} and {CloudLayout.LibraryName}.",
        HelpName = "DIR",
        Required = true,
    };

    private WorkspaceCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the commands.</summary>
    public static Command Create(LauncherConsole console)
    {
        var workspace = new WorkspaceCommand(console);
        var check = new Command("check", "Says what keeps LEAN CLI or the cloud from taking the project: workspace, data, image, project files, quotas.")
        {
            workspace._folder,
            workspace._framework,
            workspace._tier,
        };
        check.SetAction(workspace.Check);
        var cloud = new Command("cloud", "Lays the project out for lean cloud push with Core as a library project. Run it again after a change: what the cloud wrote into config.json is kept.")
        {
            workspace._folder,
            workspace._out,
        };
        cloud.SetAction(workspace.LayOut);
        return new Command("workspace", "LEAN CLI and the cloud: checks a checkout in a workspace, and lays it out for the cloud.") { check, cloud };
    }

    private int Check(ParseResult parse)
    {
        if (CloudTier.All.FirstOrDefault(tier => tier.Name == parse.GetValue(_tier)) is not { } wanted)
        {
            return Fail([$"tier '{parse.GetValue(_tier)}' is unknown: use {string.Join(", ", CloudTier.All.Select(tier => tier.Name))}."]);
        }

        var check = WorkspaceCheck.Run(_console.FullPath(parse.GetValue(_folder)!), parse.GetValue(_framework), wanted);
        foreach (var line in check.Found.Concat(check.Notices.Select(notice => "note: " + notice)))
        {
            _console.Output.WriteLine(line);
        }

        if (check.Errors.Count > 0)
        {
            return Fail(check.Errors);
        }

        _console.Output.WriteLine($"In {check.Workspace}: lean backtest {Path.GetRelativePath(check.Workspace!, check.Project)}");
        return ExitCode.Done;
    }

    private int LayOut(ParseResult parse)
    {
        var errors = new List<string>();
        var folder = _console.FullPath(parse.GetValue(_folder)!);
        var project = File.Exists(Path.Combine(folder, WorkspaceCheck.ProjectFile)) ? folder : Path.Combine(folder, "Algorithm");
        var target = _console.FullPath(parse.GetValue(_out)!);
        try
        {
            var said = CloudLayout.Write(project, target, errors);
            if (errors.Count > 0)
            {
                return Fail(errors);
            }

            foreach (var line in said)
            {
                _console.Output.WriteLine(line);
            }

            _console.Output.WriteLine($"In {target}: lean cloud push --project {CloudLayout.ProjectName}");
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail([$"out {target} cannot be written: {error.Message} Give a folder that you may write to."]);
        }
    }

    private int Fail(IEnumerable<string> errors)
    {
        _console.WriteErrors(errors);
        return ExitCode.BadInput;
    }
}
