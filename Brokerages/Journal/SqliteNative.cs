using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// Finds SQLite's native library. .NET looks where the program's own list of dependencies points, and a plugin is not on
/// that list: so it is looked for in <c>runtimes/RID/native</c> of the plugin's folder first.
/// </summary>
internal static class SqliteNative
{
    private const string Library = "e_sqlite3";

    private static readonly Lock Gate = new();
    private static bool _isReady;

    /// <summary>Loads SQLite, once.</summary>
    /// <exception cref="JournalAccessException">It cannot be loaded.</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (_isReady)
            {
                return;
            }

            var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
            try
            {
                NativeLibrary.SetDllImportResolver(provider, Resolve);
            }
            catch (InvalidOperationException)
            {
                // Another plugin of this process has already said where it is.
            }

            try
            {
                Batteries_V2.Init();
                using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
                connection.Open();
            }
            catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
            {
                throw new JournalAccessException($"SQLite's library {Library} for {RuntimeInformation.RuntimeIdentifier} was not found in {string.Join(" or ", Folders())}: copy the folder 'runtimes' of the plugin's build beside {provider.GetName().Name}.dll.", error);
            }

            _isReady = true;
        }
    }

    /// <summary>Where the library may lie, the likeliest first; not all of them exist.</summary>
    /// <param name="folder">Of the assemblies.</param>
    internal static IEnumerable<string> Candidates(string folder)
    {
        var (system, file) = OperatingSystem.IsWindows() ? ("win", $"{Library}.dll") : OperatingSystem.IsMacOS() ? ("osx", $"lib{Library}.dylib") : ("linux", $"lib{Library}.so");
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        // A distribution's own .NET has a RID of its own; packages know the portable ones.
        string[] rids = [RuntimeInformation.RuntimeIdentifier, $"{system}-{architecture}", $"{system}-musl-{architecture}"];
        foreach (var rid in rids)
        {
            yield return Path.Combine(folder, "runtimes", rid, "native", file);
        }

        yield return Path.Combine(folder, file);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var folder in Folders())
        {
            foreach (var candidate in Candidates(folder))
            {
                if (File.Exists(candidate) && NativeLibrary.TryLoad(candidate, out var handle))
                {
                    return handle;
                }
            }
        }

        return 0;
    }

    private static IEnumerable<string> Folders()
    {
        var own = Path.GetDirectoryName(typeof(SqliteNative).Assembly.Location);
        if (!string.IsNullOrEmpty(own))
        {
            yield return own;
        }

        yield return AppContext.BaseDirectory;
    }
}
