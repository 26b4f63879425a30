using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace CrossHedgeLean.DataGeneration;

/// <summary>
/// Writes a zip with one uncompressed entry. ZipArchive's bytes depend on the platform (host system, deflate of the
/// processor); these depend on the content only, and are faster to write and to read.
/// </summary>
internal static class StoredZip
{
    private const ushort DosMidnight = 0;
    private const ushort DosFirstOf1980 = (1 << 5) | 1;

    private static readonly uint[][] CrcTables = BuildCrcTables();

    /// <summary>Writes <paramref name="content"/> as <paramref name="entryName"/> to a new zip at <paramref name="path"/>.</summary>
    public static void Write(string path, string entryName, ReadOnlySpan<byte> content)
    {
        var name = Encoding.ASCII.GetBytes(entryName);
        var crc = Crc32(content);
        var size = (uint)content.Length;

        Span<byte> local = stackalloc byte[30];
        local.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034B50);
        BinaryPrimitives.WriteUInt16LittleEndian(local[4..], 10);
        WriteCommon(local[6..], crc, size, name.Length);

        Span<byte> central = stackalloc byte[46];
        central.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(central, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(central[4..], 10);
        BinaryPrimitives.WriteUInt16LittleEndian(central[6..], 10);
        WriteCommon(central[8..], crc, size, name.Length);

        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)(central.Length + name.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)(local.Length + name.Length + content.Length));

        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(local);
        stream.Write(name);
        stream.Write(content);
        stream.Write(central);
        stream.Write(name);
        stream.Write(end);
    }

    /// <summary>Flags, method, time, date, CRC, sizes and name length: the same run of fields in both headers.</summary>
    private static void WriteCommon(Span<byte> header, uint crc, uint size, int nameLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], DosMidnight);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], DosFirstOf1980);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], size);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], (ushort)nameLength);
    }

    private static uint Crc32(ReadOnlySpan<byte> content)
    {
        var tables = CrcTables;
        var crc = 0xFFFFFFFFu;
        while (content.Length >= 4)
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(content);
            crc = tables[3][crc & 0xFF] ^ tables[2][(crc >> 8) & 0xFF] ^ tables[1][(crc >> 16) & 0xFF] ^ tables[0][crc >> 24];
            content = content[4..];
        }

        foreach (var value in content)
        {
            crc = tables[0][(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] BuildCrcTables()
    {
        var tables = new uint[4][];
        for (var table = 0; table < tables.Length; table++)
        {
            tables[table] = new uint[256];
        }

        for (var index = 0u; index < 256; index++)
        {
            var crc = index;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }

            tables[0][index] = crc;
        }

        for (var index = 0; index < 256; index++)
        {
            for (var table = 1; table < tables.Length; table++)
            {
                var previous = tables[table - 1][index];
                tables[table][index] = (previous >> 8) ^ tables[0][previous & 0xFF];
            }
        }

        return tables;
    }
}
