using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>A few named values side by side from zero: each in its place, with its number beside it.</summary>
internal static class BarChart
{
    /// <summary>Writes columns, as of a correlation over lags.</summary>
    /// <param name="html">The page.</param>
    /// <param name="title">What it is.</param>
    /// <param name="about">How to read it.</param>
    /// <param name="bars">Name and value, from left to right.</param>
    /// <param name="level">A level on both sides of zero, such as what chance gives; zero: none.</param>
    public static void Columns(Html html, string title, string about, IReadOnlyList<(string Name, double Value)> bars, double level)
    {
        const int height = 130;
        var scale = new ValueScale(Math.Min(0d, Math.Min(-level, bars.Min(bar => bar.Value))), Math.Max(level, bars.Max(bar => bar.Value)), 3);
        var id = html.NextId("c");
        TimeChart.Begin(html, id, title, about, "", [], isOverTime: false);
        html.Add($"<div class=plot style=\"height:{height}px\"><svg viewBox=\"0 0 1000 {height}\" preserveAspectRatio=none role=img aria-labelledby=\"{id}t {id}d\"><title id={id}t>{Html.Escape(title)}</title><desc id={id}d>{Html.Escape(about)}</desc>");
        foreach (var (value, _) in scale.Marks())
        {
            html.Add($"<path class=\"{(value == 0d ? "zero" : "grid")}\" d=\"M0 {height * scale.At(value):0.#}H1000\"/>");
        }

        if (level > 0d)
        {
            html.Add($"<path class=level d=\"M0 {height * scale.At(level):0.##}H1000M0 {height * scale.At(-level):0.##}H1000\"/>");
        }

        var step = 1000d / bars.Count;
        for (var i = 0; i < bars.Count; i++)
        {
            var (top, bottom) = (height * scale.At(Math.Max(0d, bars[i].Value)), height * scale.At(Math.Min(0d, bars[i].Value)));
            html.Add($"<path class=\"col k0\" d=\"M{(step * i) + (step * 0.2):0.#} {top:0.##}h{step * 0.6:0.#}V{bottom:0.##}h{-step * 0.6:0.#}z\"/>");
        }

        html.Add("</svg>");
        foreach (var (value, text) in scale.Marks())
        {
            html.Add($"<span class=y style=\"top:{100d * scale.At(value):0.##}%\">{text}</span>");
        }

        html.Add("</div><div class=x aria-hidden=true>");
        for (var i = 0; i < bars.Count; i++)
        {
            html.Add($"<span class=mid style=\"left:{100d * (i + 0.5) / bars.Count:0.##}%\">{Html.Escape(bars[i].Name)}</span>");
        }

        html.Add("</div></figure>\n");
    }

    /// <summary>Writes rows, as of a profit by its kinds; each with its number as markup.</summary>
    public static void Rows(Html html, string title, string about, IReadOnlyList<(string Name, double Value, string Number)> bars)
    {
        var id = html.NextId("c");
        var (low, high) = (Math.Min(0d, bars.Min(bar => bar.Value)), Math.Max(0d, bars.Max(bar => bar.Value)));
        var span = high > low ? high - low : 1d;
        TimeChart.Begin(html, id, title, about, "", [], isOverTime: false);
        html.Add("<div class=rows>");
        foreach (var (name, value, number) in bars)
        {
            var (from, until) = (1000d * (Math.Min(0d, value) - low) / span, 1000d * (Math.Max(0d, value) - low) / span);
            var zero = 1000d * -low / span;
            html.Add($"<span>{Html.Escape(name)}</span><svg viewBox=\"0 0 1000 16\" preserveAspectRatio=none role=img aria-label=\"{Html.Escape(name)}\"><path class=\"col {(value < 0d ? "loss" : "gain")}\" d=\"M{from:0.#} 2H{until:0.#}V14H{from:0.#}z\"/><path class=zero d=\"M{zero:0.#} 0V16\"/></svg><span class=num>{number}</span>");
        }

        html.Add("</div></figure>\n");
    }
}
