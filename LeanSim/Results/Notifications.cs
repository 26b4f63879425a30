using System.Collections.Concurrent;
using System.Collections.Generic;

namespace QuantConnect.Notifications;

/// <summary>A message to someone outside.</summary>
public abstract class Notification
{
    public virtual void Send()
    {
    }
}

/// <summary>A post to a web address.</summary>
public class NotificationWeb : Notification
{
    public NotificationWeb(string address, object data = null, Dictionary<string, string> headers = null)
    {
        Address = address;
        Data = data;
        Headers = headers;
    }

    public Dictionary<string, string> Headers { get; set; }
    public string Address { get; set; }
    public object Data { get; set; }
}

/// <summary>A text message.</summary>
public class NotificationSms : Notification
{
    public NotificationSms(string number, string message)
    {
        PhoneNumber = number;
        Message = message;
    }

    public string PhoneNumber { get; set; }
    public string Message { get; set; }
}

/// <summary>An e-mail.</summary>
public class NotificationEmail : Notification
{
    public NotificationEmail(string address, string subject = "", string message = "", string data = "", Dictionary<string, string> headers = null)
    {
        Address = address;
        Subject = subject ?? string.Empty;
        Message = message ?? string.Empty;
        Data = data ?? string.Empty;
        Headers = headers;
    }

    public Dictionary<string, string> Headers { get; set; }
    public string Address { get; set; }
    public string Subject { get; set; }
    public string Message { get; set; }
    public string Data { get; set; }
}

/// <summary>A Telegram message.</summary>
public class NotificationTelegram : Notification
{
    public NotificationTelegram(string id, string message, string token = null)
    {
        Id = id;
        Message = message;
        Token = token;
    }

    public string Id { get; set; }
    public string Message { get; set; }
    public string Token { get; set; }
}

/// <summary>Sends nothing in a backtest, as in LEAN; what would have been sent is recorded for the host.</summary>
public class NotificationManager
{
    private readonly bool _liveMode;

    public NotificationManager(bool liveMode)
    {
        _liveMode = liveMode;
    }

    public ConcurrentQueue<Notification> Messages { get; set; } = new();
    internal List<Notification> Recorded { get; } = new();

    public bool Email(string address, string subject, string message, string data = "", Dictionary<string, string> headers = null)
        => Record(new NotificationEmail(address, subject, message, data, headers));

    public bool Sms(string phoneNumber, string message) => Record(new NotificationSms(phoneNumber, message));

    public bool Web(string address, object data = null, Dictionary<string, string> headers = null)
        => Record(new NotificationWeb(address, data, headers));

    public bool Telegram(string id, string message, string token = null) => Record(new NotificationTelegram(id, message, token));

    private bool Record(Notification notification)
    {
        Recorded.Add(notification);
        if (_liveMode)
        {
            Messages.Enqueue(notification);
        }
        return _liveMode;
    }
}
