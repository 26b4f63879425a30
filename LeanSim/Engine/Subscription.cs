namespace LeanSim;

/// <summary>One feed that is being read.</summary>
internal sealed class Subscription
{
    private readonly DataSource _source;

    public Subscription(SubscriptionDataConfig config, Security security, UserUniverse universe, DateTime startUtc, DateTime endUtc, DataSource source)
    {
        Config = config;
        Security = security;
        StartUtc = startUtc;
        EndUtc = endUtc;
        _source = source;
        Universes = universe == null ? new List<UserUniverse>() : new List<UserUniverse> { universe };
    }

    public SubscriptionDataConfig Config { get; }
    public Security Security { get; }
    public DateTime StartUtc { get; }
    public DateTime EndUtc { get; }

    /// <summary>Who asked for it; empty for internal feeds.</summary>
    public List<UserUniverse> Universes { get; }

    /// <summary>The next point, null before the first and after the last.</summary>
    public BaseData Current { get; private set; }

    /// <summary>When <see cref="Current"/> is known, UTC.</summary>
    public DateTime EmitTimeUtc { get; private set; }
    public bool IsEnded { get; private set; }

    /// <summary>True if its data must not reach the algorithm any more.</summary>
    public bool IsRemoved { get; set; }

    public bool MoveNext()
    {
        if (IsEnded || !_source.MoveNext())
        {
            End();
            return false;
        }
        var data = _source.Current;
        EmitTimeUtc = data.EndTime;
        var span = EmitTimeUtc - data.Time;
        if (span != TimeSpan.Zero)
        {
            // Bars start on the grid; when they are known does not change, nor what the source goes on from.
            var time = data.Time.RoundDown(span);
            if (time != data.Time)
            {
                data = data.Clone(data.IsFillForward);
                data.Time = time;
            }
        }
        Current = data;
        return true;
    }

    /// <summary>Of live data, what is known by a time; null: nothing new.</summary>
    public BaseData Take(DateTime utcNow) => IsEnded ? null : ((LiveSource)_source).Take(utcNow);

    public void End()
    {
        IsEnded = true;
        Current = null;
        _source.Dispose();
    }
}
