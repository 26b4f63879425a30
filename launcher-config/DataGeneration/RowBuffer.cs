using System;

namespace CrossHedgeLean.DataGeneration;

/// <summary>Text of one data file, written as bytes: integers and decimals of fixed scale, without culture or allocation.</summary>
internal sealed class RowBuffer
{
    private byte[] _bytes = new byte[128 * 1024];
    private int _length;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _length);

    /// <summary>Forgets what has been written.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends a comma.</summary>
    public void Comma() => Append((byte)',');

    /// <summary>Appends a line end.</summary>
    public void EndRow() => Append((byte)'\n');

    /// <summary>Appends ASCII text.</summary>
    public void Text(string text)
    {
        foreach (var character in text)
        {
            Append((byte)character);
        }
    }

    /// <summary>Appends mantissa * 10^-decimals without trailing zeros.</summary>
    public void Number(long mantissa, int decimals = 0)
    {
        if (mantissa < 0)
        {
            Append((byte)'-');
            mantissa = -mantissa;
        }

        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        Span<byte> digits = stackalloc byte[24];
        var position = digits.Length;
        for (var written = 0; mantissa > 0 || written <= decimals; written++)
        {
            if (decimals > 0 && written == decimals)
            {
                digits[--position] = (byte)'.';
            }

            digits[--position] = (byte)('0' + (mantissa % 10));
            mantissa /= 10;
        }

        Reserve(digits.Length);
        digits[position..].CopyTo(_bytes.AsSpan(_length));
        _length += digits.Length - position;
    }

    private void Append(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    private void Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }
}
