using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Reports;

namespace CrossHedgeLean.Commands;

/// <summary>
/// The files of a run. They are written to a folder beside the wanted one, which takes its name only when the run succeeded;
/// otherwise nothing stays behind.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _target;
    private readonly string _partial;
    private readonly List<StreamWriter> _writers = [];
    private readonly ConsoleCancelEventHandler _cancelled;

    private OutputFolder(string target)
    {
        _target = Path.TrimEndingDirectorySeparator(target);
        _partial = _target + ".partial";
        if (Directory.Exists(_partial))
        {
            Directory.Delete(_partial, recursive: true);
        }

        Directory.CreateDirectory(_partial);
        Sinks = new RunSinks
        {
            OrderEvents = Open(RunFolder.OrderEvents),
            Equity = Open(RunFolder.Equity),
            Accounts = Open(RunFolder.Accounts),
            Residuals = Open(RunFolder.Residuals),
            Decisions = Open(RunFolder.Decisions),
        };
        var series = SeriesRow.Files.ToDictionary(file => file, Open);
        foreach (var (file, write) in series)
        {
            write(SeriesRow.HeaderOf(file));
        }

        Series = new RunSeries(row => series[row.File](row.Line()));
        _cancelled = (_, _) => Dispose();
        Console.CancelKeyPress += _cancelled;
    }

    /// <summary>Where the run's lines go.</summary>
    public RunSinks Sinks { get; }

    /// <summary>Takes down the run over time.</summary>
    public RunSeries Series { get; }

    /// <summary>What speaks against a folder; null if it can be used.</summary>
    public static string? Check(string path)
    {
        if (File.Exists(path))
        {
            return $"out {path} is a file: give a folder that does not exist yet.";
        }

        return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()
            ? $"out {path} exists and is not empty: give another folder, or delete it first."
            : null;
    }

    /// <summary>Makes the folder; if that fails the reason is added to the errors and null returned.</summary>
    public static OutputFolder? Create(string path, List<string> errors)
    {
        try
        {
            return new OutputFolder(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"out {path} cannot be made: {error.Message} Give a folder that you may write to.");
            return null;
        }
    }

    /// <summary>Ends the files; how many bytes each has, by which a reader knows that it has all of it.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Close()
    {
        CloseWriters();
        return [.. Directory.GetFiles(_partial).Select(path => (Path.GetFileName(path), new FileInfo(path).Length)).OrderBy(file => file.Item1, StringComparer.Ordinal)];
    }

    /// <summary>Adds the result and gives the folder its name.</summary>
    public void Complete(ReadOnlySpan<byte> result)
    {
        CloseWriters();
        using (var stream = File.Create(Path.Combine(_partial, RunFolder.Result)))
        {
            stream.Write(result);
            stream.WriteByte((byte)'\n');
        }

        if (Directory.Exists(_target))
        {
            Directory.Delete(_target);
        }

        Directory.Move(_partial, _target);
    }

    /// <summary>Removes what was written, unless the folder has its name.</summary>
    public void Dispose()
    {
        Console.CancelKeyPress -= _cancelled;
        CloseWriters();
        if (Directory.Exists(_partial))
        {
            Directory.Delete(_partial, recursive: true);
        }
    }

    private Action<string> Open(string name)
    {
        var writer = new StreamWriter(Path.Combine(_partial, name), append: false, new UTF8Encoding(false), 64 * 1024) { NewLine = "\n" };
        _writers.Add(writer);
        return writer.WriteLine;
    }

    private void CloseWriters()
    {
        foreach (var writer in _writers)
        {
            writer.Dispose();
        }

        _writers.Clear();
    }
}
