using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What our accounts, margin and fills cost the engine: the same recorded orders over its own models and over ours.</summary>
internal static class OverheadCommand
{
    private static readonly Option<int> Pairs = Count("--pairs", "Coins, each at three venues.", OverheadMarket.MaximumPairs, OverheadMarket.MaximumPairs);
    private static readonly Option<int> Days = Count("--days", "Days to run.", 90, 3650);
    private static readonly Option<int> Runs = Count("--runs", "Pairs of runs, each run in a process of its own.", 10, 1000);
    private static readonly Option<OverheadModels> Models = new("--models") { Description = "The engine's own models, our accounts, or the whole plugin." };
    private static readonly Option<FileInfo?> Replay = new("--replay") { Description = "Orders to send instead of the script's." };
    private static readonly Option<FileInfo?> Record = new("--record") { Description = "Where to write the orders that the engine took in." };
    private static readonly Option<bool> Plugin = new("--plugin") { Description = "Measure the whole plugin: its own hedges are recorded first, and the stock models get the same orders. Else the accounts alone." };
    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Data folder; generated if it does not exist.", Required = true };
    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };

    public static Command CreateOnce()
    {
        var command = new Command("overhead-once", "One run of overhead in this process; prints it as JSON.") { Models, Data, Pairs, Days, Replay, Record };
        command.SetAction(arguments =>
        {
            var run = OverheadRun.Measure(
                arguments.GetRequiredValue(Data).FullName,
                arguments.GetValue(Models),
                arguments.GetValue(Pairs),
                arguments.GetValue(Days),
                arguments.GetValue(Replay)?.FullName,
                arguments.GetValue(Record)?.FullName);
            Console.Out.WriteLine(JsonSerializer.Serialize(run));
        });
        return command;
    }

    public static Command Create()
    {
        var command = new Command("overhead", "Stock models against ours on the same recorded orders: median ratio of the engine's time.") { Data, Pairs, Days, Runs, Plugin, Commit, Output };
        command.SetAction(arguments => Measure(
            arguments.GetRequiredValue(Data).FullName,
            arguments.GetValue(Pairs),
            arguments.GetValue(Days),
            arguments.GetValue(Runs),
            arguments.GetValue(Plugin),
            arguments.GetRequiredValue(Commit),
            arguments.GetRequiredValue(Output)));
        return command;
    }

    private static Option<int> Count(string name, string description, int usual, int maximum)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var given && (given < 1 || given > maximum))
            {
                result.AddError($"{name} {given}: give 1 to {maximum}.");
            }
        });
        return option;
    }

    private static void Measure(string folder, int pairs, int days, int runs, bool isPlugin, string commit, FileInfo output)
    {
        OverheadMarket.Prepare(Path.TrimEndingDirectorySeparator(folder), pairs, days);
        var orders = isPlugin ? Path.GetTempFileName() : null;
        if (orders is not null)
        {
            RunOnce(OverheadModels.Plugin, "--record", orders);
        }

        // Interleaved, each pair in the other order than the last, so that neither warm caches nor a slow minute favour one.
        var stock = new List<OverheadRun>();
        var ours = new List<OverheadRun>();
        for (var i = 0; i < runs; i++)
        {
            if (i % 2 == 0)
            {
                stock.Add(RunStock());
                ours.Add(RunOnce(isPlugin ? OverheadModels.Plugin : OverheadModels.Accounts));
            }
            else
            {
                ours.Add(RunOnce(isPlugin ? OverheadModels.Plugin : OverheadModels.Accounts));
                stock.Add(RunStock());
            }

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1}/{runs}: stock {stock[^1].Seconds:F2} s, ours {ours[^1].Seconds:F2} s"));
        }

        if (orders is not null)
        {
            File.Delete(orders);
        }

        CheckEqual(stock, ours);
        var ratios = stock.Zip(ours, (own, other) => other.Seconds / own.Seconds).ToArray();
        var (low, high, confidence) = MedianInterval(ratios);
        BenchmarkTools.Write(output, new
        {
            commit,
            machine = BenchmarkTools.Machine,
            engine = ours[0].Engine,
            ours = isPlugin ? "the whole plugin" : "accounts, margin, fills, fees and funding",
            venues = OverheadMarket.Routes.Select(route => route.ToString()),
            pairs,
            days,
            runs,
            dataPoints = ours[0].DataPoints,
            orders = ours[0].Orders,
            fills = ours[0].Fills,
            fillsHash = ours[0].FillsHash,
            medianRatio = BenchmarkTools.Median(ratios),
            interval = new { low, high, confidence },
            medianSeconds = new { stock = BenchmarkTools.Median(stock.Select(run => run.Seconds)), ours = BenchmarkTools.Median(ours.Select(run => run.Seconds)) },
            cash = new { stock = stock[0].Cash, ours = ours[0].Cash },
            funding = new { stock = stock[0].Funding, ours = ours[0].Funding },
            invariants = new { @checked = ours[0].Checked, violated = ours[0].Violated },
            seconds = new { stock = stock.Select(run => run.Seconds), ours = ours.Select(run => run.Seconds) },
        });

        OverheadRun RunStock() => orders is null ? RunOnce(OverheadModels.Stock) : RunOnce(OverheadModels.Stock, "--replay", orders);

        OverheadRun RunOnce(OverheadModels models, params string[] more)
        {
            string[] arguments =
            [
                "overhead-once", "--data", folder, "--models", models.ToString(),
                "--pairs", pairs.ToString(CultureInfo.InvariantCulture),
                "--days", days.ToString(CultureInfo.InvariantCulture),
            ];
            return BenchmarkTools.RunChild<OverheadRun>([.. arguments, .. more]);
        }
    }

    /// <summary>Both did the same work: every order filled, the same fills in every run, and money apart by funding alone.</summary>
    private static void CheckEqual(List<OverheadRun> stock, List<OverheadRun> ours)
    {
        foreach (var run in stock.Concat(ours))
        {
            if (run.FillsHash != stock[0].FillsHash || run.Refused > 0 || run.Fills != run.Orders || run.Violated > 0)
            {
                throw new InvalidOperationException($"the runs differ or broke an invariant: {stock[0]} and {run}");
            }
        }

        if (stock[0].Cash - stock[0].Funding != ours[0].Cash - ours[0].Funding)
        {
            throw new InvalidOperationException($"the money differs by more than funding: {stock[0]} and {ours[0]}");
        }
    }

    /// <summary>
    /// The distribution-free interval of a median between two order statistics that are equally far from the ends: the
    /// narrowest that covers at least 95%, or the whole range where even that covers less.
    /// </summary>
    private static (double Low, double High, double Confidence) MedianInterval(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var count = sorted.Length;

        // The median lies outside if at most `rank` values lie on one side of it: a binomial tail on each side.
        var rank = 0;
        var term = Math.Pow(0.5, count);
        var tail = term;
        while (rank + 1 < (count + 1) / 2)
        {
            term *= (double)(count - rank) / (rank + 1);
            if (1 - (2 * (tail + term)) < 0.95)
            {
                break;
            }

            tail += term;
            rank++;
        }

        return (Math.Round(sorted[rank], 4), Math.Round(sorted[count - 1 - rank], 4), Math.Round(1 - (2 * tail), 4));
    }
}
