using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Commands;

/// <summary>The reference of all parameters and options, in Markdown, from where they are declared.</summary>
internal static class ConfigurationReference
{
    /// <summary>The whole page; lines end with a line feed everywhere.</summary>
    /// <param name="root">The command line.</param>
    public static string Write(RootCommand root)
    {
        var page = new StringBuilder();
        Line(page, "# Configuration");
        Line(page);
        Line(page, "Made by the command `configuration` from the declarations in `Algorithm/Core/Configuration/HedgeConfiguration.cs` and `launcher-config/Commands/`; a test holds them together.");
        Line(page);
        Line(page, "Parameters are LEAN's: flat texts under `parameters` of `Algorithm/config.json` or of a `--config` file, `--set NAME=VALUE` of the launcher, `--parameter` of LEAN CLI, the cloud's project parameters. Names are case-sensitive. Times are `hh:mm:ss`, days before a dot (`7.00:00:00`); fractions are plain numbers, 0.02 for 2%. Everything that is wrong is said at once, each with its remedy; an unknown name is an error.");
        Line(page);
        Line(page, $"Routes: {string.Join(", ", Route.Known.Select(route => $"`{route}`"))}, each with LEAN's own fees and order rules unless set. Markets: {string.Join(", ", HedgeConfiguration.KnownMarkets.Select(market => $"`{market}`"))}. Inverse (coin-margined) contracts are refused: LEAN books their profit with the wrong sign.");
        foreach (var topic in HedgeConfiguration.Parameters.GroupBy(parameter => parameter.Topic))
        {
            Line(page);
            Line(page, $"## {topic.Key}");
            Line(page);
            Line(page, "| parameter | default | meaning |");
            Line(page, "|---|---|---|");
            foreach (var parameter in topic)
            {
                Line(page, $"| `{parameter.FullName}` | {Default(parameter.Default)} | {Linked(Cell(parameter.Meaning))} |");
            }
        }

        Line(page);
        Line(page, "## The command line");
        Line(page);
        Line(page, "Each command begins with `dotnet run --project launcher-config --`. Exit codes: 0 done, 1 the run failed, 2 bad input.");
        WriteCommands(page, root, "");
        Line(page);
        Line(page, "## Live");
        Line(page);
        Line(page, "The brokerage's settings, `crosshedge-*`, stand in LEAN's configuration: [Brokerages/README.md](../Brokerages/README.md).");
        return page.ToString();
    }

    private static void WriteCommands(StringBuilder page, Command parent, string path)
    {
        foreach (var command in parent.Subcommands.Where(command => !command.Hidden))
        {
            var name = path + command.Name;
            if (command.Subcommands.Count > 0)
            {
                WriteCommands(page, command, name + " ");
                continue;
            }

            Line(page);
            Line(page, $"### {name}");
            Line(page);
            Line(page, Cell(command.Description ?? ""));
            var rows = command.Arguments.Select(argument => ($"`{argument.Name}`", argument.Description))
                .Concat(command.Options.Where(option => !option.Hidden && option is not HelpOption).Select(option => ($"`{option.Name}{(option.HelpName is { } value ? " " + value : "")}`", option.Description)))
                .ToArray();
            if (rows.Length == 0)
            {
                continue;
            }

            Line(page);
            Line(page, "| option | meaning |");
            Line(page, "|---|---|");
            foreach (var (option, description) in rows)
            {
                Line(page, $"| {Cell(option)} | {Cell(description ?? "")} |");
            }
        }
    }

    private static string Default(string? value) => value is null ? "" : $"`{value}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Another page that a meaning names becomes a link.</summary>
    private static string Linked(string text) => Regex.Replace(text, @"\b[a-z]+\.md\b", page => $"[{page.Value}]({page.Value})");

    private static void Line(StringBuilder page, string text = "") => page.Append(text).Append('\n');
}
