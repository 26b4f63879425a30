using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using CrossHedgeLean.Tests.Launcher;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

/// <summary>One process an account.</summary>
[TestFixture]
public sealed class JournalLockTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void ASecondOneIsRefusedUntilTheFirstLetsGo()
    {
        using (JournalLock.Take(_folder["new/folder"], ["bybit", "binance-spot"]))
        {
            Assert.That(
                () => JournalLock.Take(_folder["new/folder"], ["kraken", "bybit"]),
                Throws.TypeOf<JournalLockedException>().With.Message.EqualTo($"another process trades the account bybit: it holds {_folder["new/folder/bybit.lock"]}. End it first, or take the account out of this configuration; the file itself need not be removed."));
            using var other = JournalLock.Take(_folder["new/folder"], ["kraken"]);
        }

        JournalLock.Take(_folder["new/folder"], ["bybit", "kraken"]).Dispose();
    }

    [Test]
    public void OneThatIsRefusedHoldsNothing()
    {
        using var first = JournalLock.Take(_folder.Root, ["b"]);
        Assert.That(() => JournalLock.Take(_folder.Root, ["a", "b"]), Throws.TypeOf<JournalLockedException>());
        JournalLock.Take(_folder.Root, ["a"]).Dispose();
    }

    [Test]
    public void AFileThatWasLeftBehindMeansNothing()
    {
        _folder.Write("bybit.lock", "left by a process that was killed");
        JournalLock.Take(_folder.Root, ["bybit"]).Dispose();
    }

    [Test]
    public void NamesMakeFilesOfTheirOwn()
    {
        var names = new[] { "a", "a/b", "a_b", "a_002fb", "../a", "ä", "a.b" };

        Assert.That(names.Select(name => JournalLock.FileOf(_folder.Root, name)).Distinct().Count(), Is.EqualTo(names.Length));
        Assert.That(names.Select(name => Path.GetDirectoryName(JournalLock.FileOf(_folder.Root, name))), Is.All.EqualTo(_folder.Root));
        JournalLock.Take(_folder.Root, names).Dispose();
    }

    [Test]
    public void AFolderThatIsAFileIsNamed()
    {
        _folder.Write("file", "");
        Assert.That(
            () => JournalLock.Take(_folder["file"], ["bybit"]),
            Throws.TypeOf<JournalAccessException>().With.Message.StartsWith($"the lock of the account bybit, {_folder["file/bybit.lock"]}, cannot be opened (").And.Message.EndsWith("or give another file as crosshedge-journal."));
    }

    /// <summary>The lock is the operating system's: it keeps out, and it falls with, a process that was killed.</summary>
    [Test]
    public void AnotherProcessIsKeptOutAndItsDeathLetsGo()
    {
        var program = new[] { "/usr/bin/flock", "/bin/flock" }.FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Ignore("there is no flock(1) here to be the other process");
        }

        var file = _folder.Write("bybit.lock", "");
        // It says that it has the lock by a line, and waits for one that never comes.
        using var other = Process.Start(new ProcessStartInfo(program!, ["--exclusive", file, "sh", "-c", "echo held; read never"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            Assert.That(other.StandardOutput.ReadLine(), Is.EqualTo("held"));
            Assert.That(() => JournalLock.Take(_folder.Root, ["bybit"]), Throws.TypeOf<JournalLockedException>());
        }
        finally
        {
            other.Kill(entireProcessTree: true);
            other.WaitForExit();
        }

        // The killed one's children may take a moment more.
        using var taken = Retry(() => JournalLock.Take(_folder.Root, ["bybit"]));
        Assert.That(taken, Is.Not.Null);
    }

    private static JournalLock? Retry(Func<JournalLock> take)
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromSeconds(10);)
        {
            try
            {
                return take();
            }
            catch (JournalLockedException)
            {
                System.Threading.Thread.Yield();
            }
        }

        return null;
    }
}
