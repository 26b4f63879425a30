using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CrossHedgeLean.Commands;

/// <summary>A launcher configuration: where the data are, the parameters of the algorithm, and for <c>live</c> its brokerages.</summary>
internal sealed class ConfigurationFile
{
    private const string DataFolderKey = "data-folder";
    private const string ParametersKey = "parameters";
    private const string BrokeragePrefix = "crosshedge-";

    /// <summary>Keys of LEAN's own configuration that a live run may need, besides those that begin with <c>crosshedge-</c>.</summary>
    private static readonly string[] LeanKeys = ["data-queue-handler", "history-provider", "paper-exchange", "plugin-directory", "job-user-id", "api-access-token", "job-organization-id"];

    private ConfigurationFile(string source) => Source = source;

    /// <summary>What the file is called in messages.</summary>
    public string Source { get; }

    /// <summary>The data folder as an absolute path; null if the file names none.</summary>
    public string? DataFolder { get; private set; }

    /// <summary>The parameters by name.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>LEAN's configuration for a live run, as text; lists as JSON. Backtests take no notice of it.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    public static ConfigurationFile Read(string path, List<string> errors)
    {
        var file = new ConfigurationFile(path);
        if (!File.Exists(path))
        {
            errors.Add(Directory.Exists(path)
                ? $"config {path} is a folder: give a JSON file such as launcher-config/backtesting.json."
                : $"config {path} does not exist: give a JSON file such as launcher-config/backtesting.json, or leave --config away.");
            return file;
        }

        try
        {
            file.Parse(File.ReadAllBytes(path), Path.GetDirectoryName(path)!, errors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"config {path} cannot be read: {error.Message}");
        }

        return file;
    }

    /// <summary>The configuration that is used without <c>--config</c>.</summary>
    public static ConfigurationFile ReadDefault(string workingDirectory, List<string> errors)
    {
        const string name = "backtesting.json";
        var file = new ConfigurationFile(name);
        using var resource = typeof(ConfigurationFile).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        file.Parse(content, workingDirectory, errors);
        return file;
    }

    private void Parse(byte[] content, string baseFolder, List<string> errors)
    {
        try
        {
            // A byte order mark, which editors on Windows like to write, is not JSON.
            var start = content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
            using var document = JsonDocument.Parse(
                content.AsMemory(start),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            ReadRoot(document.RootElement, baseFolder, errors);
        }
        catch (JsonException error)
        {
            var message = error.Message.Split(" LineNumber:")[0];
            errors.Add($"config {Source} is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}: {message} Correct the file.");
        }
    }

    private void ReadRoot(JsonElement root, string baseFolder, List<string> errors)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"config {Source} is not a JSON object: write {{ \"{ParametersKey}\": {{ ... }} }}.");
            return;
        }

        foreach (var property in Unique(root, "", errors))
        {
            switch (property.Name)
            {
                case DataFolderKey when property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is { Length: > 0 } folder:
                    DataFolder = Path.GetFullPath(folder, baseFolder);
                    break;
                case DataFolderKey:
                    errors.Add($"config {Source}: {DataFolderKey} {property.Value.GetRawText()} is not the path of a folder in quotes.");
                    break;
                case ParametersKey when property.Value.ValueKind == JsonValueKind.Object:
                    ReadParameters(property.Value, errors);
                    break;
                case ParametersKey:
                    errors.Add($"config {Source}: {ParametersKey} is not an object of names and values.");
                    break;
                case var key when key.StartsWith(BrokeragePrefix, StringComparison.Ordinal) || LeanKeys.Contains(key):
                    Settings[key] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                    break;
                default:
                    errors.Add($"config {Source}: key '{property.Name}' is unknown: use {DataFolderKey} and {ParametersKey}, and for live {BrokeragePrefix}children and its like, {string.Join(", ", LeanKeys)}.");
                    break;
            }
        }
    }

    private void ReadParameters(JsonElement parameters, List<string> errors)
    {
        foreach (var parameter in Unique(parameters, ParametersKey + ".", errors))
        {
            switch (parameter.Value.ValueKind)
            {
                case JsonValueKind.String:
                    Parameters[parameter.Name] = parameter.Value.GetString()!;
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    Parameters[parameter.Name] = parameter.Value.GetRawText();
                    break;
                default:
                    errors.Add($"config {Source}: parameter '{parameter.Name}' is not a text or a number: lists are written as one text with commas.");
                    break;
            }
        }
    }

    private List<JsonProperty> Unique(JsonElement element, string prefix, List<string> errors)
    {
        var properties = element.EnumerateObject().ToList();
        foreach (var twice in properties.GroupBy(property => property.Name).Where(same => same.Count() > 1))
        {
            errors.Add($"config {Source}: '{prefix}{twice.Key}' stands there {twice.Count()} times: keep one.");
        }

        return properties;
    }
}
