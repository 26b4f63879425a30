using System;
using System.Globalization;

namespace CrossHedgeLean.Commands;

/// <summary>A progress bar on one line of a terminal; elsewhere a line at every quarter.</summary>
internal sealed class ProgressLine(LauncherConsole console, string label)
{
    private const int Width = 30;

    private int _shown = -1;

    /// <summary>Shows the share done, 0 to 1.</summary>
    public void Report(double share)
    {
        var step = console.IsTerminal ? 1 : 25;
        var percent = (int)(Math.Clamp(share, 0.0, 1.0) * 100.0) / step * step;
        if (percent <= _shown)
        {
            return;
        }

        _shown = percent;
        var filled = percent * Width / 100;
        var text = string.Create(CultureInfo.InvariantCulture, $"{label} [{new string('#', filled)}{new string('.', Width - filled)}] {percent,3}%");
        if (console.IsTerminal)
        {
            console.Error.Write("\r" + text);
            console.Error.Flush();
        }
        else if (percent > 0)
        {
            console.Error.WriteLine(text);
        }
    }

    /// <summary>Ends the line: on a terminal it is wiped, so that what follows stands alone.</summary>
    public void End()
    {
        if (console.IsTerminal && _shown >= 0)
        {
            console.Error.Write("\r" + new string(' ', label.Length + Width + 9) + "\r");
            console.Error.Flush();
        }
    }
}
