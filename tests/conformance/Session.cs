using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrossHedgeLean.Hosting;

namespace CrossHedgeLean.Conformance;

/// <summary>Many cases at once: recording, verifying, and the record of the last run on LEAN.</summary>
public static class Session
{
    /// <summary>Exit code of a case that cannot run on this machine.</summary>
    public const int Skipped = 3;

    private static readonly string[] s_trees = ["Algorithm", "Brokerages", "LeanSim"];

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether this was built on LEAN itself.</summary>
    public static bool OnLean => BacktestEngines.Create().Info.Name == "LEAN";

    /// <summary>Runs a case in a process of its own: on LEAN the only way to run more than one.</summary>
    /// <returns>The result, or null when the case cannot run on this machine.</returns>
    public static CaseResult? RunInProcess(string name)
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                // LEAN writes into the working directory.
                WorkingDirectory = Path.GetTempPath(),
            };
            foreach (var argument in new[] { typeof(Session).Assembly.Location, "run", name, "--out", output })
            {
                start.ArgumentList.Add(argument);
            }

            start.Environment["DOTNET_gcServer"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start.");
            var errors = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEndAsync();
            process.WaitForExit();
            if (process.ExitCode == Skipped)
            {
                return null;
            }

            return process.ExitCode == 0
                ? CaseResult.Read(output)
                : throw new InvalidOperationException($"{name}: its process ended with {process.ExitCode}: {errors.Result}{said.Result}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Writes the goldens of some cases, or of all.</summary>
    public static int Record(IReadOnlyCollection<string> names, string commit, bool leanRun, bool allowDirty)
    {
        if (!OnLean)
        {
            throw new InvalidOperationException("Goldens come from LEAN only: build with -p:LeanBin=DIR, the output folder of a LEAN build.");
        }

        if (commit.Length < 8)
        {
            throw new ArgumentException("--lean-commit is missing: give the commit that LEAN was built from.");
        }

        var mayWrite = MayWriteLeanRun(leanRun, allowDirty, out var exitCode);
        if (exitCode != 0)
        {
            return exitCode;
        }

        Directory.CreateDirectory(Path.Combine(Places.Folder, "goldens"));
        var cases = Select(names);
        var results = new List<CaseResult>();
        foreach (var name in cases)
        {
            var result = RunInProcess(name);
            if (result == null)
            {
                Console.WriteLine($"{name}: skipped, its golden stays as it is");
                continue;
            }

            result = result with { Engine = result.Engine with { Commit = commit } };
            result.Write(Places.Golden(name));
            results.Add(result);
            Console.WriteLine($"{name}: {result.Lines} lines, {result.DataPoints} data points, {result.Sha256[..16]}{(result.Completed ? string.Empty : ", not completed")}");
        }

        if (names.Count == 0)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Places.Folder, "goldens"), "*.json")
                         .Where(file => !cases.Contains(Path.GetFileNameWithoutExtension(file))))
            {
                File.Delete(file);
                Console.WriteLine($"{Path.GetFileName(file)}: deleted, there is no such case");
            }
        }

        WriteManifest();
        return mayWrite ? WriteLeanRun(cases, results) : 0;
    }

    /// <summary>What is wrong with the goldens as a whole; empty if they are as one recording left them.</summary>
    public static IReadOnlyList<string> ManifestErrors()
    {
        const string Remedy = "record it again on LEAN";
        if (!File.Exists(Places.Manifest))
        {
            return [$"{Places.Manifest} is missing: {Remedy}."];
        }

        var errors = new List<string>();
        var manifest = JsonNode.Parse(File.ReadAllText(Places.Manifest))!;
        var listed = manifest["cases"]!.AsObject().ToDictionary(x => x.Key, x => (string)x.Value!);
        foreach (var name in Catalog.Cases.Select(x => x.Name).Except(listed.Keys))
        {
            errors.Add($"{name} has no golden: {Remedy}.");
        }

        foreach (var (name, hash) in listed)
        {
            var file = Places.Golden(name);
            if (!File.Exists(file) || FileHash(file) != hash)
            {
                errors.Add($"{file} is not what the recorder wrote: goldens are never edited; {Remedy}.");
                continue;
            }

            var engine = CaseResult.Read(file).Engine;
            if (engine.Name != "LEAN" || engine.Commit != (string?)manifest["lean"]!["commit"] || engine.Mvid != (string?)manifest["lean"]!["mvid"])
            {
                errors.Add($"{name} comes from another engine ({engine.Name} {engine.Commit}, {engine.Mvid}) than goldens.json says: record all of them again.");
            }
        }

        return errors;
    }

    /// <summary>Runs some cases, or all, and compares them with their goldens.</summary>
    public static int Verify(IReadOnlyCollection<string> names, bool leanRun, bool allowDirty)
    {
        var mayWrite = MayWriteLeanRun(leanRun, allowDirty, out var exitCode);
        if (exitCode != 0)
        {
            return exitCode;
        }

        var cases = Select(names);
        var agreed = new List<CaseResult>();
        foreach (var name in cases)
        {
            var (golden, difference) = Check(name);
            Console.WriteLine(difference ?? $"{name}: agrees with LEAN");
            if (difference == null)
            {
                agreed.Add(golden!);
            }
        }

        Console.WriteLine($"{agreed.Count} of {cases.Count} cases agree with LEAN.");
        var result = mayWrite ? WriteLeanRun(cases, agreed) : 0;
        return agreed.Count == cases.Count ? result : 1;
    }

    /// <summary>Runs a case on the engine of this build and compares it with its golden.</summary>
    /// <returns>The golden and what differs or hinders; null when nothing does.</returns>
    public static (CaseResult? Golden, string? Difference) Check(string name)
    {
        var conformanceCase = Catalog.Find(name);
        if (conformanceCase.WhyNot() is { } reason)
        {
            return (null, $"{name}: skipped: {reason}");
        }

        if (!File.Exists(Places.Golden(name)))
        {
            return (null, $"{name}: there is no golden yet; record it on LEAN.");
        }

        var golden = CaseResult.Read(Places.Golden(name));
        var result = OnLean ? RunInProcess(name)! : CaseRunner.Run(conformanceCase);
        return (golden, result.WhyStale(golden) ?? result.Difference(golden));
    }

    private static List<string> Select(IReadOnlyCollection<string> names) =>
        (names.Count == 0 ? Catalog.Cases.Select(x => x.Name) : names.Select(x => Catalog.Find(x).Name)).ToList();

    private static void WriteManifest()
    {
        var names = Catalog.Cases.Select(x => x.Name).Where(name => File.Exists(Places.Golden(name))).ToList();
        var engine = CaseResult.Read(Places.Golden(names[^1])).Engine;
        var manifest = new JsonObject
        {
            ["lean"] = new JsonObject { ["commit"] = engine.Commit, ["mvid"] = engine.Mvid },
            ["cases"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)FileHash(Places.Golden(name))))),
        };
        File.WriteAllText(Places.Manifest, manifest.ToJsonString(s_json) + "\n");
    }

    // Line ends do not count: git may change them.
    private static string FileHash(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\n"))));

    // Asked before the cases run: they take minutes.
    private static bool MayWriteLeanRun(bool leanRun, bool allowDirty, out int exitCode)
    {
        exitCode = 0;
        if (!leanRun)
        {
            return false;
        }

        if (!OnLean)
        {
            throw new InvalidOperationException("tests/lean-run.json comes from a run on LEAN only: build with -p:LeanBin=DIR.");
        }

        var dirty = Git(["status", "--porcelain", "--", .. s_trees]);
        if (dirty.Length == 0)
        {
            return true;
        }

        Console.Error.WriteLine($"Uncommitted changes, so tests/lean-run.json is not written: commit them first.\n{dirty}");
        exitCode = allowDirty ? 0 : 1;
        return false;
    }

    private static int WriteLeanRun(List<string> cases, List<CaseResult> passed)
    {
        if (passed.Count == 0 || cases.Count != Catalog.Cases.Count)
        {
            Console.Error.WriteLine("tests/lean-run.json is written for a run of all cases only.");
            return 1;
        }

        var trees = new JsonObject();
        foreach (var tree in s_trees)
        {
            trees[tree] = Git(["rev-parse", "HEAD:" + tree]);
        }

        var record = new JsonObject
        {
            ["lean"] = new JsonObject { ["commit"] = passed[0].Engine.Commit, ["mvid"] = CaseRunner.EngineMvid() },
            ["cases"] = new JsonObject
            {
                ["passed"] = passed.Count,
                ["total"] = cases.Count,
                ["names"] = new JsonArray(passed.Select(x => (JsonNode)x.Case).ToArray()),
            },
            ["trees"] = trees,
        };
        File.WriteAllText(Places.LeanRun, record.ToJsonString(s_json) + "\n");
        Console.WriteLine($"tests/lean-run.json: {passed.Count} of {cases.Count} cases on LEAN {passed[0].Engine.Commit}");
        return passed.Count == cases.Count ? 0 : 1;
    }

    private static string Git(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Places.Repository,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git does not start.");
        var text = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text.Trim()
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors.Trim()}");
    }
}
