namespace LeanSim;

/// <summary>A pull-based stream of data points.</summary>
internal abstract class DataSource : IDisposable
{
    public BaseData Current { get; protected set; }
    public abstract bool MoveNext();

    public virtual void Dispose() { }
}

/// <summary>Reads the rows of one feed from its daily zip files, or from the one file of funding rates.</summary>
internal sealed class FileSource : DataSource
{
    private readonly SubscriptionDataConfig _config;
    private readonly string _folder;
    private readonly string _fileSuffix;
    private readonly DateTime _start;
    private readonly DateTime _end;
    private readonly Func<BaseData> _readRow;
    private readonly bool _isDaily;
    private CsvReader _reader;
    private DateTime _date;
    private DateTime _nextDate;
    private DateTime _lastEnd;
    private bool _isEnded;

    public FileSource(SubscriptionDataConfig config, DateTime start, DateTime end)
    {
        _config = config;
        // Times of data are of no kind, as LEAN's.
        _start = new DateTime(start.Ticks);
        _end = new DateTime(end.Ticks);
        _nextDate = _start.Date;
        var symbol = config.Symbol;
        var type = symbol.SecurityType.SecurityTypeToLower();
        var market = Path.Combine(Globals.DataFolder, type, symbol.ID.Market.ToLowerInvariant());
        var ticker = symbol.ID.Symbol.ToLowerInvariant();
        if (config.Type == typeof(MarginInterestRate))
        {
            _folder = Path.Combine(market, "margin_interest", $"{ticker}.csv");
            _readRow = ReadRate;
            return;
        }
        _isDaily = true;
        _folder = Path.Combine(market, config.Resolution.ResolutionToLower(), ticker);
        _fileSuffix = $"_{config.TickType.TickTypeToLower()}.zip";
        _readRow = config.Type == typeof(QuoteBar) ? ReadQuote : ReadTrade;
    }

    public override bool MoveNext()
    {
        while (!_isEnded)
        {
            if (_reader == null && !OpenNext())
                break;
            if (!_reader.NextLine())
            {
                CloseReader();
                continue;
            }
            var row = _readRow();
            var end = row.EndTime;
            if (end <= _lastEnd)
                continue;
            _lastEnd = end;
            if (end < _start)
                continue;
            if (row.Time > _end)
                break;
            Current = row;
            return true;
        }
        _isEnded = true;
        CloseReader();
        return false;
    }

    public override void Dispose()
    {
        _isEnded = true;
        CloseReader();
    }

    private bool OpenNext()
    {
        while (_nextDate <= _end)
        {
            _date = _nextDate;
            _nextDate = _isDaily ? _date.AddDays(1) : DateTime.MaxValue;
            if (_lastEnd <= _date || !_isDaily)
            {
                _reader = CsvReader.Open(_isDaily ? Path.Combine(_folder, _date.ToStringInvariant("yyyyMMdd") + _fileSuffix) : _folder);
                if (_reader != null)
                    return true;
            }
        }
        return false;
    }

    private void CloseReader()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private BaseData ReadTrade()
    {
        var time = _date.AddTicks(_reader.ReadMilliseconds() * TimeSpan.TicksPerMillisecond);
        var open = _reader.ReadDecimal(false);
        var high = _reader.ReadDecimal(false);
        var low = _reader.ReadDecimal(false);
        var close = _reader.ReadDecimal(false);
        return new TradeBar(time, _config.Symbol, open, high, low, close, _reader.ReadDecimal(true), _config.Increment);
    }

    private BaseData ReadQuote()
    {
        var bar = new QuoteBar(true)
        {
            Symbol = _config.Symbol,
            Period = _config.Increment,
            Time = _date.AddTicks(_reader.ReadMilliseconds() * TimeSpan.TicksPerMillisecond),
        };
        bar.Bid = ReadSide(false, out var size);
        bar.LastBidSize = size;
        bar.Ask = ReadSide(true, out size);
        bar.LastAskSize = size;
        bar.Value = bar.Close;
        return bar;
    }

    // A side whose prices are all zero or empty is not there.
    private Bar ReadSide(bool isLast, out decimal size)
    {
        var open = _reader.ReadDecimal(false);
        var high = _reader.ReadDecimal(false);
        var low = _reader.ReadDecimal(false);
        var close = _reader.ReadDecimal(false);
        size = _reader.ReadDecimal(isLast);
        if (open != 0 || high != 0 || low != 0 || close != 0)
            return new Bar(open, high, low, close);
        size = 0;
        return null;
    }

    private BaseData ReadRate()
    {
        var time = _reader.ReadDateTime();
        var rate = _reader.ReadDecimal(true);
        return new MarginInterestRate { Symbol = _config.Symbol, Time = time, InterestRate = rate };
    }
}

/// <summary>Gives a quote bar without one side that of the bar before.</summary>
internal sealed class QuoteSideSource(DataSource source) : DataSource
{
    private readonly DataSource _source = source;
    private QuoteBar _previous;

    public override bool MoveNext()
    {
        if (!_source.MoveNext())
            return false;
        var bar = (QuoteBar)_source.Current;
        bar.Bid ??= _previous?.Bid;
        bar.Ask ??= _previous?.Ask;
        _previous = bar;
        Current = bar;
        return true;
    }

    public override void Dispose() => _source.Dispose();
}

/// <summary>Fills gaps with copies of the last bar, from the first bar to the end of the feed.</summary>
internal sealed class FillForwardSource(DataSource source, Func<TimeSpan> fillResolution, TimeSpan resolution, DateTime start, DateTime end, LastBar warmUp) : DataSource
{
    private readonly DataSource _source = source;
    private readonly Func<TimeSpan> _fillResolution = fillResolution;
    private readonly TimeSpan _resolution = resolution;
    private readonly DateTime _start = new DateTime(start.Ticks);
    private readonly DateTime _end = new DateTime(end.Ticks);
    private readonly LastBar _warmUp = warmUp;
    private BaseData _previous;
    private bool _isStarted;
    private bool _isFilling;

    public override bool MoveNext()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            if (_warmUp?.Value != null)
            {
                // As if the last warm-up bar ended where this feed starts, so that filling begins there.
                _previous = _warmUp.Value.Clone();
                _previous.Time = _start - _resolution;
            }
        }
        if (Current != null && Current.DataType != MarketDataType.Auxiliary)
            _previous = Current;
        if (!_isFilling && !_source.MoveNext())
            return MoveInTail();
        var next = _source.Current;
        var fill = _previous == null ? null : Fill(next);
        if (fill != null && _previous.EndTime >= _end)
            return false;
        _isFilling = fill != null;
        Current = fill ?? next;
        return true;
    }

    public override void Dispose() => _source.Dispose();

    // After the last row: up to the bar in which the feed ends.
    private bool MoveInTail()
    {
        if (_previous == null || _previous.EndTime >= _end)
            return false;
        var tail = (Current ?? _previous).Clone(true);
        tail.Time = _end.RoundDown(_resolution);
        tail.EndTime = tail.Time + _resolution;
        var fill = Fill(tail);
        if (fill == null && Current != null && Current.EndTime == tail.EndTime)
            return false;
        Current = fill ?? tail;
        return true;
    }

    private BaseData Fill(BaseData next)
    {
        var previousTime = _previous.Time;
        var nextTime = next.Time;
        var nextEnd = next.EndTime;
        var fillResolution = _fillResolution();
        if (nextEnd < previousTime || !IsGap(nextTime - previousTime, fillResolution))
            return null;
        if (_previous.IsFillForward && !IsGap(nextTime.RoundDown(nextEnd - nextTime) - previousTime, fillResolution))
            return null;
        var limit = nextTime == nextEnd ? nextTime : nextTime + _resolution;
        var step = fillResolution < _resolution ? fillResolution : _resolution;
        var end = _previous.EndTime.RoundDown(step) + step;
        if (end > limit || end == limit && next.DataType != MarketDataType.Auxiliary)
            return null;
        var fill = _previous.Clone(true);
        fill.Time = end - _resolution;
        fill.EndTime = end;
        return fill;
    }

    private bool IsGap(TimeSpan distance, TimeSpan fillResolution) => distance > fillResolution || distance > _resolution;
}

/// <summary>Remembers the last real bar of the warm-up.</summary>
internal sealed class LastBar
{
    public BaseData Value { get; private set; }

    public void See(BaseData data)
    {
        if (!data.IsFillForward && data.DataType != MarketDataType.Auxiliary)
            Value = data;
    }
}

/// <summary>Applies the security's data filter and the bounds of the feed.</summary>
internal sealed class FilterSource(DataSource source, Func<BaseData, bool> filter, DateTime end, DateTime firstEnd, DateTime lastEnd, LastBar seen) : DataSource
{
    private readonly DataSource _source = source;
    private readonly Func<BaseData, bool> _filter = filter;
    private readonly DateTime _end = end;
    private readonly DateTime _firstEnd = firstEnd;
    private readonly DateTime _lastEnd = lastEnd;
    private readonly LastBar _seen = seen;

    public override bool MoveNext()
    {
        while (_source.MoveNext())
        {
            var data = _source.Current;
            if (_filter != null && data.DataType != MarketDataType.Auxiliary && !_filter(data))
                continue;
            if (data.Time > _end)
                return false;
            _seen?.See(data);
            if (data.EndTime >= _firstEnd && data.EndTime <= _lastEnd)
            {
                Current = data;
                return true;
            }
        }
        return false;
    }

    public override void Dispose() => _source.Dispose();
}

/// <summary>The warm-up feed, then the run's feed from where the warm-up ended.</summary>
internal sealed class ConcatSource(DataSource first, DataSource second) : DataSource
{
    private readonly DataSource _second = second;
    private DataSource _first = first;
    private DateTime _lastEnd;

    public override bool MoveNext()
    {
        if (_first != null)
        {
            if (_first.MoveNext())
            {
                Current = _first.Current;
                return true;
            }
            _lastEnd = Current?.EndTime ?? DateTime.MinValue;
            _first.Dispose();
            _first = null;
        }
        while (_second.MoveNext())
            if (_second.Current.EndTime > _lastEnd)
            {
                Current = _second.Current;
                return true;
            }
        Current = null;
        return false;
    }

    public override void Dispose()
    {
        _first?.Dispose();
        _second.Dispose();
    }
}
