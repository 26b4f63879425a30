using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Interfaces;
using QuantConnect.Orders;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// Orders that an earlier process sent, or was about to send, and that are not known to be over. What still works of them
/// is canceled, never sent again; what they traded is in the positions. By the venue's answers where it can be asked, else
/// by what it lists.
/// </summary>
/// <param name="child">The child's name.</param>
/// <param name="brokerage">The child.</param>
/// <param name="trail">The journal.</param>
internal sealed class EarlierOrders(string child, IBrokerage brokerage, OrderTrail trail)
{
    /// <summary>So many reports in a row, equal and without the order, say that it is over.</summary>
    private const int ReportsInARow = 3;

    /// <summary>A process that has just died may have left an order on its way.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, OpenIntent> _open = new(trail.Earlier.ToDictionary(intent => intent.ClientId), StringComparer.Ordinal);
    private readonly List<(OpenIntent Intent, bool Found, string Text)> _settled = [];
    private readonly Dictionary<string, int> _reports = [];

    /// <summary>Told what a person should know: a short code and the text.</summary>
    public Action<string, string>? Said { get; set; }

    /// <summary>Those that are not settled, in words.</summary>
    public IReadOnlyList<string> Unsettled
    {
        get
        {
            lock (_gate)
            {
                return [.. _open.Values.Select(intent => FormattableString.Invariant($"order {intent.ClientId} of {intent.Quantity} {intent.Instrument}"))];
            }
        }
    }

    /// <summary>Writes down what was settled; what the account holds stands in the journal before that, so that a process that dies in between asks again.</summary>
    public void Commit()
    {
        (OpenIntent Intent, bool Found, string Text)[] settled;
        lock (_gate)
        {
            settled = [.. _settled];
            _settled.Clear();
        }

        foreach (var (intent, found, text) in settled)
        {
            trail.Settled(intent, found, text);
        }
    }

    /// <summary>Asks the venue, if it can be asked; called whenever the child is connected.</summary>
    public void Ask()
    {
        if (brokerage is not IVenueOrderQuery venue)
        {
            return;
        }

        foreach (var intent in Open())
        {
            Try(() => venue.Query(intent.ClientId));
        }
    }

    /// <summary>Looks at what the venue lists, where it cannot be asked.</summary>
    /// <param name="askedUtc">When it was asked.</param>
    /// <param name="listed">Its open orders.</param>
    /// <param name="isSame">Whether it reports what it reported before.</param>
    public void Look(DateTime askedUtc, IReadOnlyList<Order> listed, bool isSame)
    {
        if (brokerage is IVenueOrderQuery)
        {
            return;
        }

        foreach (var intent in Open())
        {
            if (listed.FirstOrDefault(order => IsLike(order, intent)) is { } found)
            {
                _reports[intent.ClientId] = 0;
                Said?.Invoke("earlier", FormattableString.Invariant($"{child} still has an order of an earlier run, {intent.Quantity} {intent.Instrument}: it is canceled"));
                Try(() => brokerage.CancelOrder(found));
            }
            else if (askedUtc - intent.LastUtc >= OnItsWay)
            {
                var times = _reports[intent.ClientId] = isSame ? _reports.GetValueOrDefault(intent.ClientId) + 1 : 1;
                if (times >= ReportsInARow)
                {
                    Settle(intent, found: true, FormattableString.Invariant($"{child} does not list it in {times} equal reports"));
                }
            }
        }
    }

    /// <summary>Takes the venue's answer; one about another order is not for here.</summary>
    public void Take(VenueOrderAnswer answer)
    {
        OpenIntent? intent;
        lock (_gate)
        {
            intent = _open.GetValueOrDefault(answer.ClientId);
        }

        if (intent is null)
        {
            return;
        }

        if (answer is { IsKnown: true, IsOpen: true })
        {
            Try(() => ((IVenueOrderQuery)brokerage).Cancel(answer.ClientId));
            return;
        }

        Settle(intent, answer.IsKnown, answer.IsKnown ? FormattableString.Invariant($"over at {child}, {answer.Filled ?? 0m} traded") : $"never arrived at {child}");
    }

    private OpenIntent[] Open()
    {
        lock (_gate)
        {
            return [.. _open.Values];
        }
    }

    private void Settle(OpenIntent intent, bool found, string text)
    {
        lock (_gate)
        {
            if (!_open.Remove(intent.ClientId))
            {
                return;
            }

            _settled.Add((intent, found, text));
        }

        Said?.Invoke("earlier", FormattableString.Invariant($"an order of an earlier run, {intent.Quantity} {intent.Instrument}: {text}"));
    }

    /// <summary>By the venue's own ids where the journal knows them; else an order of the same instrument, quantity and price.</summary>
    private static bool IsLike(Order listed, OpenIntent intent)
        => intent.VenueIds.Count > 0
            ? listed.BrokerId.Exists(id => intent.VenueIds.Contains(id))
            : SymbolRoutes.InstrumentOf(listed.Symbol)?.ToString() == intent.Instrument && listed.Quantity == intent.Quantity && (listed as LimitOrder)?.LimitPrice == intent.Limit;

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is IOException or TimeoutException or InvalidOperationException)
        {
            // The next connection, or report, asks again.
        }
    }
}
