using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Conformance.Api;

/// <summary>
/// The record of LEAN's public signatures for the types that LeanSim offers, and the check of LeanSim against it.
/// </summary>
public static class ApiRecord
{
    private const string Again = "dotnet run --project tests/conformance";

    /// <summary>Names of LeanSim's public types, one per line.</summary>
    public static string TypesFile => Path.Combine(Places.Folder, "api-types.txt");

    /// <summary>LEAN's signatures of those types.</summary>
    public static string MembersFile => Path.Combine(Places.Folder, "lean-public-api.txt");

    /// <summary>On LeanSim: writes the names of its public types.</summary>
    public static int WriteTypes()
    {
        if (Session.OnLean)
        {
            throw new InvalidOperationException("api-types lists LeanSim's types: build without LeanBin.");
        }

        File.WriteAllText(TypesFile, string.Concat(SimTypes().Select(x => PublicApi.NameOf(x) + "\n")));
        Console.WriteLine($"{TypesFile}: {SimTypes().Count} types");
        return 0;
    }

    /// <summary>On LEAN: writes the signatures of the types in the list.</summary>
    public static int WriteMembers()
    {
        if (!Session.OnLean)
        {
            throw new InvalidOperationException("record-api writes down LEAN's signatures: build with -p:LeanBin=DIR.");
        }

        var names = File.ReadAllLines(TypesFile).Where(x => x.Length > 0).ToArray();
        var types = LeanTypes();
        var listed = names.ToHashSet(StringComparer.Ordinal);
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var name in names)
        {
            if (!types.TryGetValue(name, out var type))
            {
                unknown.Add(name);
                continue;
            }

            lines.Add(PublicApi.TypeLine(type));
            lines.UnionWith(LeanRelatives(type));
            // What the type inherits is written in its own name: LeanSim's classes may stand elsewhere in the line of descent.
            for (var parent = type; parent?.Assembly.GetName().Name?.StartsWith("QuantConnect.", StringComparison.Ordinal) == true; parent = parent.BaseType)
            {
                if (parent == type || !listed.Contains(PublicApi.NameOf(parent)))
                {
                    lines.UnionWith(PublicApi.Members(parent, type));
                }
            }
        }

        File.WriteAllText(MembersFile, string.Concat(lines.Select(x => x + "\n")));
        Console.WriteLine($"{MembersFile}: {lines.Count} lines of {names.Length - unknown.Count} types");
        foreach (var name in unknown)
        {
            Console.Error.WriteLine($"LEAN has no public type {name}: make it internal in LeanSim.");
        }

        return unknown.Count == 0 ? 0 : 1;
    }

    /// <summary>On LeanSim: names every difference.</summary>
    public static int Check()
    {
        var differences = Differences();
        foreach (var difference in differences)
        {
            Console.WriteLine(difference);
        }

        Console.WriteLine($"{differences.Count} differences between LeanSim's public API and LEAN's.");
        return differences.Count == 0 ? 0 : 1;
    }

    /// <summary>Everything in which LeanSim's public surface differs from the record; empty when it is a subset.</summary>
    public static IReadOnlyList<string> Differences()
    {
        var errors = new List<string>();
        var current = SimTypes().Select(PublicApi.NameOf).ToArray();
        var listed = File.Exists(TypesFile) ? File.ReadAllLines(TypesFile) : [];
        errors.AddRange(current.Except(listed).Select(x => $"{x} is missing in api-types.txt: {Again} -- api-types, then on LEAN record-api."));
        errors.AddRange(listed.Except(current).Select(x => $"{x} is in api-types.txt but no longer in LeanSim: {Again} -- api-types, then on LEAN record-api."));
        if (!File.Exists(MembersFile))
        {
            errors.Add($"lean-public-api.txt is missing: {Again} -p:LeanBin=DIR -- record-api.");
            return errors;
        }

        var record = File.ReadLines(MembersFile).ToHashSet(StringComparer.Ordinal);
        foreach (var type in SimTypes())
        {
            foreach (var line in PublicApi.Members(type, type).Prepend(PublicApi.TypeLine(type)).Concat(LeanRelatives(type)))
            {
                if (!record.Contains(line) && !IsInherited(type, line, record))
                {
                    errors.Add("LEAN does not have: " + line);
                }
            }
        }

        return errors;
    }

    // A member that LEAN declares in a base class is as good to every caller.
    private static bool IsInherited(Type type, string line, HashSet<string> record)
    {
        var prefix = PublicApi.NameOf(type) + " | is | ";
        if (line.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = line[PublicApi.NameOf(type).Length..];
        return record.Where(x => x.StartsWith(prefix, StringComparison.Ordinal)).Any(x => record.Contains(x[prefix.Length..] + rest));
    }

    // Of the relatives only LEAN's own count: what .NET adds (IEnumerable of a collection) follows from the members.
    private static IEnumerable<string> LeanRelatives(Type type) =>
        PublicApi.Relatives(type).Where(x => x.Contains(" | is | QuantConnect.", StringComparison.Ordinal));

    private static List<Type> SimTypes() => typeof(QCAlgorithm).Assembly.GetTypes()
        .Where(PublicApi.IsPublicLean)
        .OrderBy(PublicApi.NameOf, StringComparer.Ordinal)
        .ToList();

    private static Dictionary<string, Type> LeanTypes()
    {
        var types = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "QuantConnect.*.dll").Order(StringComparer.Ordinal))
        {
            var assembly = Assembly.Load(Path.GetFileNameWithoutExtension(file));
            foreach (var type in Loadable(assembly).Where(PublicApi.IsPublicLean))
            {
                types.TryAdd(PublicApi.NameOf(type), type);
            }
        }

        return types;
    }

    private static IEnumerable<Type> Loadable(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            return error.Types.OfType<Type>();
        }
    }
}
