using System;
using System.CommandLine;
using System.IO;
using System.Text;

namespace CrossHedgeLean.Commands;

/// <summary><c>configuration</c>: the reference of everything that can be set.</summary>
internal sealed class ConfigurationCommand
{
    private readonly LauncherConsole _console;
    private readonly Func<RootCommand> _root;

    private readonly Option<string?> _out = new("--out") { Description = "Writes it to this file, as docs/configuration.md; else to standard output.", HelpName = "FILE" };

    private ConfigurationCommand(LauncherConsole console, Func<RootCommand> root) => (_console, _root) = (console, root);

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where it writes.</param>
    /// <param name="root">The command line that it tells of.</param>
    public static Command Create(LauncherConsole console, Func<RootCommand> root)
    {
        var configuration = new ConfigurationCommand(console, root);
        var command = new Command("configuration", "Writes the reference of all parameters, commands and options.") { configuration._out };
        command.SetAction(configuration.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var text = ConfigurationReference.Write(_root());
        if (parse.GetValue(_out) is not { } file)
        {
            _console.Output.Write(text);
            return ExitCode.Done;
        }

        var path = _console.FullPath(file);
        try
        {
            File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return ExitCode.Done;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            _console.WriteErrors([$"out {path} cannot be written: {wrong.Message} Give a file that you may write to."]);
            return ExitCode.BadInput;
        }
    }
}
