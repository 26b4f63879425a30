using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>A folder of its own for a test, removed afterwards, with what the launcher's tests do to data folders.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Root = Directory.CreateTempSubdirectory("crosshedge-test-").FullName;

    public string Root { get; }

    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Two days of BTC at Binance spot and Bybit's perpetual.</summary>
    public static GeneratorOptions TwoDays { get; } = new() { Days = 2, Pairs = ["BTCUSDT"] };

    /// <summary>The configuration that runs on <see cref="TwoDays"/>, with changes; an empty value takes a parameter away.</summary>
    public static HedgeConfiguration Configuration(params (string Name, string Value)[] changes)
    {
        var result = HedgeConfiguration.Parse(Parameters(changes));
        return result.Value ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
    }

    public static Dictionary<string, string> Parameters(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["strategy"] = "inventory",
            ["from"] = "2025-01-01",
            ["to"] = "2025-01-02",
            ["binance-spot.cash"] = "USDT:60000",
            ["bybit.cash"] = "USDT:40000",
            ["groups"] = "BTC",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
            ["BTC.notional"] = "30000",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value.Length > 0).ToDictionary();
    }

    public string Generate(GeneratorOptions? options = null, string name = "data") =>
        DataGenerator.Generate(options ?? TwoDays, this[name]).Folder;

    public string Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[relative])!);
        File.WriteAllText(this[relative], text);
        return this[relative];
    }

    /// <summary>Writes two-days.json, which runs on <see cref="TwoDays"/>.</summary>
    public void WriteConfiguration() =>
        Write("two-days.json", JsonSerializer.Serialize(new Dictionary<string, object> { ["parameters"] = Parameters() }));

    /// <summary>Runs a command line in this folder.</summary>
    public (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = LauncherCommands.Run(arguments, new LauncherConsole(output, error, Root, IsTerminal: false));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Replaces the rows of a data zip.</summary>
    public static void Edit(string zip, Action<List<string>> edit)
    {
        string name;
        List<string> rows;
        using (var archive = ZipFile.OpenRead(zip))
        {
            name = archive.Entries[0].Name;
            using var reader = new StreamReader(archive.Entries[0].Open());
            rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        }

        edit(rows);
        File.Delete(zip);
        using var changed = ZipFile.Open(zip, ZipArchiveMode.Create);
        using var writer = new StreamWriter(changed.CreateEntry(name).Open());
        writer.Write(string.Join('\n', rows));
    }

    /// <summary>SHA-256 over names and bytes of all files.</summary>
    public static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(folder))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(folder, file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static List<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)
        .ToList();

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
