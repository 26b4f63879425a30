using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace CrossHedgeLean.Commands;

/// <summary>
/// Secrets stand where only their owner looks, never in a configuration: a setting names the environment variable
/// (<c>env:NAME</c>) or the file (<c>file:PATH</c>) that holds its value. No message ever shows a value.
/// </summary>
internal static class SecretReferences
{
    private const string Environment = "env:";
    private const string File = "file:";

    private static readonly string[] SecretWords = ["key", "secret", "passphrase", "password", "token"];

    /// <summary>The settings with every reference replaced by what it refers to.</summary>
    /// <param name="settings">By key.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="errors">Gets each reference that leads nowhere, and each secret that stands in the file itself.</param>
    public static Dictionary<string, string> Resolve(IReadOnlyDictionary<string, string> settings, string baseFolder, List<string> errors)
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            resolved[key] = value.StartsWith(Environment, StringComparison.Ordinal) ? FromEnvironment(key, value[Environment.Length..], errors)
                : value.StartsWith(File, StringComparison.Ordinal) ? FromFile(key, Path.GetFullPath(value[File.Length..], baseFolder), errors)
                : value;
            if (resolved[key] == value && value.Length > 0 && SecretWords.Contains(key.Split('-')[^1]))
            {
                errors.Add($"{key} stands in the configuration itself, where anybody may read it: put it into an environment variable and write \"{Environment}NAME\", or into a file and write \"{File}PATH\".");
            }
        }

        return resolved;
    }

    private static string FromEnvironment(string key, string name, List<string> errors)
    {
        if (System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
        {
            return value;
        }

        errors.Add($"{key}: the environment variable {name} is not set: set it, or name another.");
        return "";
    }

    private static string FromFile(string key, string path, List<string> errors)
    {
        try
        {
            var value = System.IO.File.ReadAllText(path).Trim();
            if (value.Length > 0)
            {
                return value;
            }

            errors.Add($"{key}: the file {path} is empty: put the value there.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{key}: the file {path} cannot be read: {error.Message}");
        }

        return "";
    }
}
