using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using LeanSim;
using Newtonsoft.Json.Linq;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Tests.LeanCli;

/// <summary>
/// LEAN's launcher where LEAN is LeanSim: config.json of the working directory says which type of which file is the algorithm.
/// This source is compiled a second time, by <see cref="LeanFolder"/>, against LeanSim alone.
/// </summary>
internal static class StandInLauncher
{
    /// <summary>Runs the backtest that the configuration describes; its files are called as LEAN's.</summary>
    public static int Run()
    {
        var configuration = JObject.Parse(File.ReadAllText("config.json"));
        var location = Path.GetFullPath((string)configuration["algorithm-location"]!);
        var name = (string)configuration["algorithm-type-name"]!;
        var engine = new BacktestEngine(new BacktestOptions
        {
            DataFolder = (string)configuration["data-folder"]!,
            Parameters = configuration["parameters"]!.ToObject<Dictionary<string, string>>()!,
        });
        var types = Assembly.LoadFrom(location).GetTypes().Where(type => typeof(QCAlgorithm).IsAssignableFrom(type) && !type.IsAbstract).ToList();
        var algorithm = (QCAlgorithm)Activator.CreateInstance(types.Single(type => type.Name == name || type.FullName == name))!;
        var result = engine.Run(algorithm);

        var results = Path.Combine((string)configuration["results-destination-folder"]!, (string)configuration["algorithm-id"]!);
        File.WriteAllLines(results + "-log.txt", result.Messages.Append(result.RuntimeError?.ToString() ?? "completed"));
        var equity = algorithm.Portfolio.TotalPortfolioValue.ToString("0.00", CultureInfo.InvariantCulture);
        var orders = algorithm.Transactions.GetOrderTickets().Count().ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(results + ".json", new JObject { ["statistics"] = new JObject { ["End Equity"] = equity, ["Total Orders"] = orders } }.ToString());
        return result.Completed ? 0 : 1;
    }
}
