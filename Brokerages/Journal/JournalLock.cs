using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// Keeps a second process from trading the same accounts: one file an account, beside the journal, and one a login, where
/// all processes of the machine find it, whatever journal they keep. The operating system holds them for this process and
/// lets go of them when it ends, however it ends. The files stay; an old one means nothing.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, and Windows' sharing and lock violations.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private static readonly string LoginsFolder = Path.Combine(Path.GetTempPath(), "crosshedge-logins");

    private readonly List<FileStream> _files = [];

    private JournalLock()
    {
    }

    /// <summary>Takes the accounts, all or none.</summary>
    /// <param name="folder">Of the journal; made if it is not there.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="logins">What tells a login of one from others, by account; an account without one is only held in the folder.</param>
    /// <exception cref="JournalLockedException">Another process has one of them.</exception>
    /// <exception cref="JournalAccessException">The folder cannot be written.</exception>
    public static JournalLock Take(string folder, IEnumerable<string> accounts, IReadOnlyDictionary<string, string>? logins = null)
    {
        var taken = new JournalLock();
        var isDone = false;
        try
        {
            foreach (var account in accounts.Distinct().Order(StringComparer.Ordinal))
            {
                taken.Take(account, FileOf(folder, account));
                if (logins?.GetValueOrDefault(account) is { } login)
                {
                    taken.Take(account, FileOf(LoginsFolder, login));
                }
            }

            isDone = true;
            return taken;
        }
        finally
        {
            if (!isDone)
            {
                taken.Dispose();
            }
        }
    }

    /// <summary>The file of an account; what a file name may not hold is written as hexadecimal.</summary>
    public static string FileOf(string folder, string account)
    {
        var name = new StringBuilder();
        foreach (var letter in account)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            {
                name.Append(letter);
            }
            else
            {
                name.Append('_').Append(((int)letter).ToString("x4", null));
            }
        }

        return Path.Combine(folder, $"{name}.lock");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }

        _files.Clear();
    }

    private void Take(string account, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _files.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (Array.IndexOf(Held, error.HResult) >= 0)
        {
            throw new JournalLockedException($"another process trades the account {account}: it holds {path}. End it first, or take the account out of this configuration; the file itself need not be removed.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalAccessException($"the lock of the account {account}, {path}, cannot be opened ({error.Message.TrimEnd('.')}): let this process write there, or give another {(Path.GetDirectoryName(path) == LoginsFolder ? "folder for temporary files (TMPDIR)" : $"file as {SqliteJournalStore.PathKey}")}.", error);
        }
    }
}
