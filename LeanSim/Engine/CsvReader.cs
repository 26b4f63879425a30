namespace LeanSim;

/// <summary>Reads numbers of a CSV file field by field, from a byte buffer that is filled as it is used up.</summary>
internal sealed class CsvReader : IDisposable
{
    private readonly string _path;
    private readonly byte[] _buffer = new byte[1 << 16];
    private Stream _file;
    private ZipArchive _archive;
    private Stream _stream;
    private int _position;
    private int _length;
    private int _line;
    private CsvReader(string path) => _path = path;

    /// <summary>Opens the first entry of a zip file, or a plain file; null if there is none.</summary>
    public static CsvReader Open(string path)
    {
        if (!File.Exists(path))
            return null;
        var reader = new CsvReader(path);
        try
        {
            reader._file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            if (!path.EndsWith(".zip", StringComparison.Ordinal))
            {
                reader._stream = reader._file;
                return reader;
            }
            reader._archive = new ZipArchive(reader._file, ZipArchiveMode.Read);
            if (reader._archive.Entries.Count == 0)
                throw new InvalidDataException("the archive is empty");
            reader._stream = reader._archive.Entries[0].Open();
            return reader;
        }
        catch (InvalidDataException error)
        {
            reader.Dispose();
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Goes to the next line that is not empty; false at the end.</summary>
    public bool NextLine()
    {
        while (true)
        {
            _line++;
            var c = Peek();
            if (c < 0)
                return false;
            if (c is not ('\n' or '\r'))
                return true;
            Skip(c);
        }
    }

    /// <summary>The next field as a number; an empty field is zero, and the scale is kept.</summary>
    public decimal ReadDecimal(bool isLast)
    {
        var c = Read();
        var isNegative = c == '-';
        if (isNegative)
            c = Read();
        ulong value = 0;
        var scale = -1;
        var digits = 0;
        while (c is >= '0' and <= '9' or '.')
        {
            if (c == '.')
            {
                if (scale >= 0)
                    throw Corrupt("a number has two points");
                scale = 0;
            }
            else
            {
                if (value != 0 && ++digits > 18 || scale == 28)
                    throw Corrupt("a number has too many digits");
                value = value * 10 + (ulong)(c - '0');
                if (scale >= 0)
                    scale++;
            }
            c = Read();
        }
        EndField(c, isLast);
        return new decimal((int)value, (int)(value >> 32), 0, isNegative, (byte)Math.Max(scale, 0));
    }

    /// <summary>The next field, milliseconds after midnight.</summary>
    public int ReadMilliseconds()
    {
        var value = 0L;
        var c = Read();
        if (c is < '0' or > '9')
            throw Corrupt("the time is no number");
        while (c is >= '0' and <= '9' && value < 86_400_000)
        {
            value = value * 10 + (c - '0');
            c = Read();
        }
        if (value >= 86_400_000)
            throw Corrupt("the time is past the end of the day");
        EndField(c, false);
        return (int)value;
    }

    /// <summary>The next field, a time as yyyyMMdd HH:mm:ss.</summary>
    public DateTime ReadDateTime()
    {
        Span<int> digits = stackalloc int[14];
        var count = 0;
        var c = Read();
        while (c is >= '0' and <= '9' or ' ' or ':' && count <= 14)
        {
            if (c is not (' ' or ':') && count < 14)
                digits[count++] = c - '0';
            c = Read();
        }
        if (count != 14)
            throw Corrupt("the time is not of the form yyyyMMdd HH:mm:ss");
        EndField(c, false);
        try
        {
            return new DateTime(
                digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3],
                digits[4] * 10 + digits[5],
                digits[6] * 10 + digits[7],
                digits[8] * 10 + digits[9],
                digits[10] * 10 + digits[11],
                digits[12] * 10 + digits[13]);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Corrupt("there is no such time");
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _archive?.Dispose();
        _file?.Dispose();
    }

    private void EndField(int c, bool isLast)
    {
        var isEndOfLine = c is '\n' or '\r' or < 0;
        if (isLast != isEndOfLine || !isEndOfLine && c != ',')
            throw Corrupt(isEndOfLine ? "a field is missing" : c == ',' ? "there is a field too many" : "a number has a wrong character");
        if (c == '\r' && Peek() == '\n')
            _position++;
    }

    private void Skip(int c)
    {
        _position++;
        if (c == '\r' && Peek() == '\n')
            _position++;
    }

    private int Peek() => _position < _length || Fill() ? _buffer[_position] : -1;
    private int Read() => _position < _length || Fill() ? _buffer[_position++] : -1;

    private bool Fill()
    {
        try
        {
            _position = 0;
            _length = _stream.Read(_buffer, 0, _buffer.Length);
            return _length > 0;
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{_path}, near line {_line}: {error.Message}", error);
        }
    }

    private InvalidDataException Corrupt(string why) => new($"{_path}, line {_line}: {why}");
}
