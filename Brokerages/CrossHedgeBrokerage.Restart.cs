using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;

namespace QuantConnect.Brokerages.CrossHedge;

/// <content>
/// What an earlier process left. Its orders that still work are canceled, what became of the others is found out, and what
/// the accounts hold is compared with the journal. Nothing is sent again, nothing is closed, nothing is adopted in silence.
/// </content>
public sealed partial class CrossHedgeBrokerage
{
    /// <inheritdoc />
    public string? Unexplained { get; private set; }

    /// <inheritdoc />
    public void Commanded(string command, string target) => _journal?.Write(JournalRecord.Command(_lanes.Time.GetUtcNow().UtcDateTime, $"{command} {target}"));

    /// <inheritdoc />
    public void Doubt(string reason)
    {
        Unexplained ??= reason;
        _journal?.Write(JournalRecord.Doubt(_lanes.Time.GetUtcNow().UtcDateTime, reason));
    }

    /// <inheritdoc />
    public void Arrived(OpenTransfer transfer, decimal amount)
    {
        var route = transfer.Planned.Route;
        _journal?.Write(JournalRecord.Transfer(_lanes.Time.GetUtcNow().UtcDateTime, route.From, route.To, route.Currency, amount, transfer.Id));
    }

    /// <inheritdoc />
    public void Trust()
    {
        Unexplained = null;
        _journal?.Trust("a person resumed everything");
        Observe();
    }

    /// <summary>What is reported from now on is what the journal expects.</summary>
    private void Observe() => _children.ForEach(child =>
    {
        child.IsObserving = true;
        child.AskSoon();
    });

    private void LookBack(IReadOnlyCollection<VenueChild> missing)
    {
        if (_journal is null || _isConnected)
        {
            return;
        }

        _lanes.WaitUntil(() => _children.TrueForAll(child => child.Problem is not null || child.UnsettledOrders.Count == 0), _settings.ConnectTimeout);
        var reasons = new List<string>();
        if (_journal.Doubt is { } doubt)
        {
            reasons.Add($"{doubt.TrimEnd('.')}.");
        }

        reasons.AddRange(missing.Select(child => $"{child.Settings.Name} {child.Problem}, and the journal knows of positions."));
        foreach (var child in _children)
        {
            reasons.AddRange(child.UnsettledOrders.Select(order => $"What became of {order} at {child.Settings.Name} is not known."));
        }

        // LEAN asks for open orders next: those that were canceled are not among them.
        var before = _lanes.Time.GetUtcNow().UtcDateTime;
        _children.ForEach(child => child.AskSoon());
        _lanes.WaitUntil(() => _children.TrueForAll(child => child.Problem is not null || child.Report.TimeUtc >= before), _settings.PollPeriod);
        foreach (var child in _children.Where(child => child.Report.IsKnown))
        {
            reasons.AddRange(child.Trail.Unexplained(child.Report).Select(text => $"{text}."));
        }

        Unexplained = reasons.Count == 0 ? null : string.Join(" ", reasons);
        if (Unexplained is null)
        {
            Observe();
        }
    }
}
