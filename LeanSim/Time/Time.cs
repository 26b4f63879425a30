namespace QuantConnect;

/// <summary>Time constants.</summary>
public static class Time
{
    public static readonly DateTime EndOfTime = new(2050, 12, 31);
    public static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    public static readonly TimeSpan OneHour = TimeSpan.FromHours(1);
    public static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly DateTime _epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static TimeSpan Max(TimeSpan one, TimeSpan two) => one > two ? one : two;
    public static IEnumerable<DateTime> EachDay(DateTime from, DateTime thru)
    {
        for (var day = from.Date; day.Date <= thru.Date; day = day.AddDays(1))
            yield return day;
    }
}
