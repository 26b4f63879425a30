using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using CrossHedgeLean.Tests.Launcher;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;
using static CrossHedgeLean.Tests.Brokerages.Journal.Journals;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

/// <summary>A file that cannot be used: one clear error, and nothing deleted.</summary>
[TestFixture]
public sealed class SqliteJournalTests
{
    private readonly StandingClock _clock = new(Start);
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private string Path => _folder["journal.db"];

    [Test]
    public void TheFileIsWhatItShouldBe()
    {
        using var store = _folder.OpenSqlite(_clock);
        store.Write(Intent("a", 1, Start));

        Assert.That(Ask("PRAGMA journal_mode"), Is.EqualTo("wal"));
        Assert.That(Ask("PRAGMA application_id"), Is.EqualTo((long)SqliteJournalStore.ApplicationId));
        Assert.That(Ask("PRAGMA user_version"), Is.EqualTo((long)SqliteJournalStore.SchemaVersion));
        Assert.That(Ask("SELECT body FROM records"), Is.EqualTo(Intent("a", 1, Start).ToString()));
    }

    [Test]
    public void ANewerLayoutIsRefused()
    {
        _folder.OpenSqlite(_clock).Dispose();
        Ask("PRAGMA user_version = 7");

        AssertRefused<JournalSchemaException>($"the journal {Path} has layout 7, this version knows 1: run the version that wrote it, or a newer one.");
    }

    [Test]
    public void AnotherProgramsDatabaseIsRefused()
    {
        Ask("CREATE TABLE addresses (name TEXT)");
        Ask("PRAGMA application_id = 42");

        AssertRefused<JournalForeignException>($"{Path} is another program's database (application id 42, a journal has {SqliteJournalStore.ApplicationId}): give another file as crosshedge-journal, or move that one away.");
    }

    [Test]
    public void AnotherConfigurationIsRefused()
    {
        _folder.OpenSqlite(_clock, configuration: "kraken").Dispose();

        AssertRefused<JournalConfigurationException>($"the journal {Path} was written for 'kraken', this configuration is '{ConfiguredFor}': run with that one, or give another file as crosshedge-journal once nothing of the old one is open at the venues.");
    }

    [Test]
    public void ALockedFileIsRefused()
    {
        _folder.OpenSqlite(_clock).Dispose();
        using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        other.Open();
        using var command = new SqliteCommand("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", other);
        command.ExecuteNonQuery();

        Assert.That(
            () => _folder.OpenSqlite(_clock),
            Throws.TypeOf<JournalAccessException>().With.Message.StartsWith($"another program holds the journal {Path} (").And.Message.EndsWith("): end it, or give another file as crosshedge-journal."));
    }

    [Test]
    public void AReadOnlyFolderIsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("folders of Windows have no such mode");
            return;
        }

        _folder.OpenSqlite(_clock).Dispose();
        File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            if (IsWritable(_folder.Root))
            {
                Assert.Ignore("this user may write in every folder (root): that a folder is read-only cannot be had here");
            }

            foreach (var name in new[] { "journal.db", "other.db", "new/journal.db" })
            {
                Assert.That(
                    () => _folder.OpenSqlite(_clock, name),
                    Throws.TypeOf<JournalAccessException>().With.Message.StartsWith($"the journal {_folder[name]} cannot be written (").And.Message.Contains("let this process write in its folder"));
            }
        }
        finally
        {
            File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Test]
    public void AFolderThatIsAFileIsRefused()
    {
        _folder.Write("file", "");
        Assert.That(
            () => _folder.OpenSqlite(_clock, "file/journal.db"),
            Throws.TypeOf<JournalAccessException>().With.Message.StartsWith($"the journal {_folder["file/journal.db"]} cannot be written ("));
    }

    [Test]
    public void AFolderInPlaceOfTheFileIsRefused()
    {
        Directory.CreateDirectory(Path);
        Assert.That(() => _folder.OpenSqlite(_clock), Throws.TypeOf<JournalAccessException>().With.Message.Contains(Path));
    }

    [Test]
    public void WhatIsNoDatabaseIsKeptAndANewOneBegun()
    {
        _folder.Write("journal.db", string.Concat(Enumerable.Repeat("these are notes and no database\n", 100)));
        using (var store = _folder.OpenSqlite(_clock))
        {
            Assert.That(store.Fold().Doubt, Does.StartWith($"the journal {Path} was damaged (").And.EndsWith($"it is kept as {Path}.corrupt-20260101T000000000Z, and a new one was begun"));
        }

        Assert.That(File.ReadAllText(Path + ".corrupt-20260101T000000000Z"), Does.StartWith("these are notes"));
        using var again = _folder.OpenSqlite(_clock);
        Assert.That(again.Fold().Doubt, Is.Not.Null, "until somebody settles it");
    }

    [Test]
    public void DamagedJournalsOfOneMomentAreAllKeptAndNoneIsTheSameJournal()
    {
        var identities = Enumerable.Range(1, 3).Select(number =>
        {
            using var store = _folder.OpenSqlite(_clock);
            var identity = store.Identity;
            store.Dispose();
            File.WriteAllText(Path, $"damage {number}, long enough to be taken for a file that is no database at all");
            return identity;
        }).ToArray();
        _folder.OpenSqlite(_clock).Dispose();

        Assert.That(identities, Is.Unique);
        Assert.That(Directory.GetFiles(_folder.Root, "journal.db.corrupt-20260101T000000000Z*").Where(file => File.ReadAllText(file).StartsWith("damage")).ToArray(), Has.Length.EqualTo(3));
    }

    [Test]
    public void AJournalWhoseMakerEndedBeforeTheFirstWordIsBegunAnew()
    {
        File.WriteAllText(Path, "");
        using (var store = _folder.OpenSqlite(_clock))
        {
            Assert.That(store.Read(), Is.Empty);
        }

        File.Delete(Path);
        Ask("PRAGMA journal_mode = WAL");
        using var again = _folder.OpenSqlite(_clock);
        Assert.That(again.Read(), Is.Empty);
    }

    [Test]
    public void OneThatEndedBetweenMovingAwayAndBeginningLeavesTheDoubt()
    {
        _folder.Write("journal.db.corrupt-20260101T000000000Z", "damage");
        using var store = _folder.OpenSqlite(_clock);

        Assert.That(store.Fold().Doubt, Is.EqualTo($"an earlier journal {Path} was damaged; it is kept as {Path}.corrupt-20260101T000000000Z"));
    }

    [Test]
    public void AFileThatIsGoneOrOlderThanItsMarkIsTold()
    {
        using (var store = _folder.OpenSqlite(_clock))
        {
            store.Write(Run(1, Start));
        }

        File.Copy(Path, _folder["backup"]);
        using (var store = _folder.OpenSqlite(_clock))
        {
            store.Write(Intent("a", 1, Start));
        }

        File.Copy(_folder["backup"], Path, overwrite: true);
        using (var store = _folder.OpenSqlite(_clock))
        {
            Assert.That(store.Fold().Doubt, Does.Contain("it was written up to record 2 and ends at 1"));
        }

        File.Delete(Path);
        using (var store = _folder.OpenSqlite(_clock))
        {
            Assert.That(store.Fold().Doubt, Does.Contain($"the file is gone, but {Path}-mark is there"));
        }

        File.Delete(Path + "-mark");
        using (var store = _folder.OpenSqlite(_clock))
        {
            Assert.That(store.Fold().Doubt, Does.Contain("may lack its last records"));
        }
    }

    [Test]
    public void AFullDiskRefusesAndTakesAgain()
    {
        using var store = _folder.OpenSqlite(_clock);
        store.Write(Run(1, Start));
        store.LimitGrowth(2);
        var big = Enumerable.Range(1, 100).Select(i => Intent($"big-{i}", i, Start)).ToArray();

        Assert.That(() => store.Write(big), Throws.TypeOf<JournalStorageException>().With.Message.EqualTo($"the journal {Path} cannot be written (SQLite Error 13: 'database or disk is full'): make room on its disk and let this process write there."));
        Assert.That(store.Texts(), Has.Count.EqualTo(1));
        store.Write(Intent("small", 101, Start));
        store.LimitGrowth(-1);
        store.Write(big);
        Assert.That(store.Fold().Open, Has.Count.EqualTo(101));
        Assert.That(store.Read().Select(entry => entry.Sequence), Is.EqualTo(Enumerable.Range(1, 102)));
    }

    [Test]
    public void CompactionGivesTheDiskItsRoomBack()
    {
        using var store = _folder.OpenSqlite(_clock);
        store.Write(Enumerable.Range(1, 2000).SelectMany(i => Life($"o-{i}", i, Start)).Prepend(Run(1, Start)).Append(JournalRecord.RunEnded(Start, 1)));
        _folder.OpenSqlite(_clock, "other.db").Dispose();
        store.Compact(Start.AddDays(1));

        Assert.That(new FileInfo(Path).Length, Is.LessThan(50_000));
        Assert.That(store.Fold().Totals.Of(Account, Bitcoin).Executions, Is.EqualTo(2000));
    }

    [Test]
    public void TheNativeLibraryIsLookedForWhereThePluginBringsIt()
    {
        var candidates = SqliteNative.Candidates("plugin").ToArray();

        Assert.That(candidates, Has.Some.Contains(System.IO.Path.Combine("plugin", "runtimes", RuntimeInformation.RuntimeIdentifier, "native")));
        var brought = System.IO.Path.GetDirectoryName(typeof(SqliteJournalStore).Assembly.Location)!;
        Assert.That(SqliteNative.Candidates(brought).Where(File.Exists), Is.Not.Empty);
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            File.WriteAllText(System.IO.Path.Combine(folder, "probe"), "");
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void AssertRefused<T>(string message)
        where T : JournalException
    {
        var before = File.ReadAllBytes(Path);
        Assert.That(() => _folder.OpenSqlite(_clock), Throws.TypeOf<T>().With.Message.EqualTo(message));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder.Root, "*.corrupt-*"), Is.Empty);
    }

    private object? Ask(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(text, connection);
        return command.ExecuteScalar();
    }
}
