namespace QuantConnect.Notifications;

/// <summary>A message to someone outside.</summary>
public abstract class Notification
{
}

/// <summary>Sends nothing in a backtest, as in LEAN; what would have been sent is recorded for the host.</summary>
public class NotificationManager(bool liveMode)
{
    private readonly bool _liveMode = liveMode;
    public ConcurrentQueue<Notification> Messages { get; set; } = new();
    internal List<Notification> Recorded { get; } = new();
}
