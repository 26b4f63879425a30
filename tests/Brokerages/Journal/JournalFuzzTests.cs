using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using CrossHedgeLean.Tests.Core;
using CrossHedgeLean.Tests.Launcher;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;
using static CrossHedgeLean.Tests.Brokerages.Journal.Journals;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

/// <summary>
/// Damaged files: cut anywhere, bits flipped, stretches of zeros, in the file and in its write-ahead log. Either every
/// flushed record is read, or the damage is told and the bytes are kept.
/// </summary>
[TestFixture]
public sealed class JournalFuzzTests
{
    private static readonly string[] Parts = ["", "-wal"];

    [TestCase(Left.AllInLog, 0)]
    [TestCase(Left.SomeInLog, 10_000)]
    [TestCase(Left.Closed, 20_000)]
    public void NothingIsLostInSilence(Left left, int firstSeed)
    {
        using var folder = new TestFolder();
        var clock = new StandingClock(Start);
        var flushed = Make(folder, left, clock);
        var (whole, kept, refused) = (0, 0, 0);
        for (var seed = firstSeed; seed < firstSeed + Iterations.Of(100); seed++)
        {
            var path = folder[$"{seed}/journal.db"];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            CopyParts(folder["left.db"], path);
            var what = Damage(path, new Random(seed));
            var before = Parts.Select(part => Hash(path + part)).ToArray();
            try
            {
                using var store = SqliteJournalStore.Open(path, ConfiguredFor, clock);
                var found = store.Texts();
                if (store.Fold().Doubt is { } doubt)
                {
                    kept++;
                    var aside = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "journal.db.corrupt-*").Select(file => file[..file.LastIndexOf('Z')] + "Z").Distinct().Single();
                    Assert.That(doubt, Does.Contain(aside), $"seed {seed}: {what}");
                    Assert.That(Parts.Select(part => Hash(aside + part)), Is.EqualTo(before), $"seed {seed}: {what}");
                }
                else
                {
                    whole++;
                    Assert.That(found, Is.EqualTo(flushed), $"seed {seed}: {what}");
                }
            }
            catch (JournalException error)
            {
                refused++;
                Assert.That(error.Message, Does.Contain(path), $"seed {seed}: {what}");
                Assert.That(Parts.Select(part => Hash(path + part)), Is.EqualTo(before), $"seed {seed}: {what}");
            }
            catch (Exception error) when (error is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {what}: {error}");
            }

            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }

        TestContext.Out.WriteLine($"{left}, seeds from {firstSeed}: {whole} whole, {kept} kept aside, {refused} refused");
    }

    public enum Left
    {
        AllInLog,
        SomeInLog,
        Closed,
    }

    /// <summary>A journal as a process leaves it that was killed, or that closed it.</summary>
    private static string[] Make(TestFolder folder, Left left, TimeProvider clock)
    {
        string[] flushed;
        using (var store = folder.OpenSqlite(clock))
        {
            store.Write(Run(1, Start));
            for (var i = 1; i <= 40; i++)
            {
                store.Write(Life($"order-{i}", i, Start.AddSeconds(i)));
                if (i == 25 && left == Left.SomeInLog)
                {
                    using var other = new SqliteConnection($"Data Source={store.Name};Pooling=False");
                    other.Open();
                    using var checkpoint = new SqliteCommand("PRAGMA wal_checkpoint(PASSIVE)", other);
                    checkpoint.ExecuteNonQuery();
                }
            }

            flushed = [.. store.Texts()];
            store.Append([Intent("never flushed", 99, Start)]);
            if (left != Left.Closed)
            {
                CopyParts(store.Name, folder["left.db"]);
            }
        }

        if (left == Left.Closed)
        {
            CopyParts(folder["journal.db"], folder["left.db"]);
        }

        Assert.That(File.Exists(folder["left.db-wal"]), Is.EqualTo(left != Left.Closed));
        return flushed;
    }

    private static string Damage(string path, Random random)
    {
        var file = random.Next(2) == 0 && new FileInfo(path + "-wal") is { Exists: true, Length: > 0 } ? path + "-wal" : path;
        var bytes = File.ReadAllBytes(file);
        var what = random.Next(4);
        var told = what switch
        {
            0 => $"cut to {random.Next(bytes.Length)}",
            1 => $"{1 << random.Next(4)} bits flipped",
            2 => "zeros",
            _ => "one bit near the start flipped",
        };
        if (what == 0)
        {
            bytes = bytes[..int.Parse(told["cut to ".Length..])];
        }
        else if (what == 2)
        {
            var start = random.Next(bytes.Length);
            Array.Clear(bytes, start, Math.Min(bytes.Length - start, random.Next(1, 5000)));
        }
        else
        {
            for (var i = what == 3 ? 1 : int.Parse(told[..1]); i > 0; i--)
            {
                bytes[random.Next(what == 3 ? Math.Min(200, bytes.Length) : bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        File.WriteAllBytes(file, bytes);
        return $"{Path.GetFileName(file)}: {told}";
    }

    /// <summary>An empty log, which SQLite makes where it looks for one, is as good as none.</summary>
    private static string Hash(string file) => new FileInfo(file) is { Exists: true, Length: > 0 } ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))) : "none";
}
