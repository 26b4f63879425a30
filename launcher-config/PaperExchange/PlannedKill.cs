using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.PaperExchange;

/// <summary>The end of a trading process, from outside, at a moment of one of its orders.</summary>
/// <param name="moment">When.</param>
/// <param name="instrument">Of the order.</param>
/// <param name="number">Which order of the instrument, or which execution, from 1.</param>
internal sealed class PlannedKill(PaperMoment moment, string instrument, int number)
{
    private int _seen;

    /// <summary>Reads a plan.</summary>
    /// <param name="text">As in <c>accepted:bybit:perpetual:BTCUSDT:1</c>; null: there is none.</param>
    /// <param name="errors">Gets what is wrong with it.</param>
    public static PlannedKill? Read(string? text, List<string> errors)
    {
        if (text is null)
        {
            return null;
        }

        var colon = text.IndexOf(':');
        var last = text.LastIndexOf(':');
        if (colon > 0 && last > colon
            && Enum.TryParse<PaperMoment>(text[..colon], ignoreCase: true, out var moment) && !char.IsAsciiDigit(text[0])
            && InstrumentId.TryParse(text[(colon + 1)..last], out var id)
            && int.TryParse(text[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return new PlannedKill(moment, id.ToString(), number);
        }

        errors.Add($"kill '{text}' is no moment, instrument and number: write it as accepted:bybit:perpetual:BTCUSDT:1, with received, accepted, answered or filled.");
        return null;
    }

    /// <summary>Waits for the moment.</summary>
    public void Watch(PaperVenues venues) => venues.Reached += (account, traded, reached) =>
    {
        if (reached != moment || traded != instrument || ++_seen != number)
        {
            return;
        }

        foreach (var process in venues.ProcessesOf(account))
        {
            venues.Happened?.Invoke(string.Create(CultureInfo.InvariantCulture, $"process {process} is killed: order {number} of {instrument} is {moment}"));
            try
            {
                Process.GetProcessById(process).Kill();
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                venues.Happened?.Invoke($"process {process} had ended: {error.Message}");
            }
        }
    };
}
