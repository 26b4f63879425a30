using System;
using System.Buffers.Binary;
using System.IO;
using System.Numerics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// A few bytes beside the journal that say up to which record it was flushed. SQLite drops the end of a damaged
/// write-ahead log without a word; by the mark one sees that something is missing. It is written after each flush and never
/// waited for: it may lag behind after a power cut, but never runs ahead. Two places take turns, so one is always whole.
/// </summary>
internal sealed class JournalMark : IDisposable
{
    private const int Size = 32;

    private readonly SafeFileHandle _file;
    private readonly uint _identity;
    private int _slot;

    /// <summary>Opens the mark, to write it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Of the journal.</param>
    public JournalMark(string path, string identity)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        _identity = Crc(0, Encoding.UTF8.GetBytes(identity));
    }

    /// <summary>Reads a mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Of the journal.</param>
    /// <returns>The sequence; null: there is none of this journal that can be read.</returns>
    public static long? Read(string path, string identity)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        long? sequence = null;
        for (var start = 0; start + Size <= bytes.Length; start += Size)
        {
            var slot = bytes.AsSpan(start, Size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(slot[12..]) == Crc(0, slot[..12])
                && BinaryPrimitives.ReadUInt32LittleEndian(slot[8..]) == Crc(0, Encoding.UTF8.GetBytes(identity)))
            {
                var here = BinaryPrimitives.ReadInt64LittleEndian(slot);
                sequence = sequence is { } other && other > here ? other : here;
            }
        }

        return sequence;
    }

    /// <summary>Writes the mark.</summary>
    /// <param name="sequence">Of the last durable record.</param>
    public void Write(long sequence)
    {
        Span<byte> slot = stackalloc byte[Size];
        slot.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(slot, sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[8..], _identity);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[12..], Crc(0, slot[..12]));
        RandomAccess.Write(_file, slot, _slot * Size);
        _slot = 1 - _slot;
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    /// <summary>CRC-32C of some bytes, going on from an earlier one.</summary>
    internal static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
