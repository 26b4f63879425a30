using System.IO;
using System.Reflection;
using CrossHedgeLean.Reports.Page.Sections;

namespace CrossHedgeLean.Reports.Page;

/// <summary>A run as one page that needs nothing else: no network, no fonts, no scripts but for read-outs and zoom.</summary>
internal static class ReportPage
{
    private static readonly (string Id, string Name)[] Sections =
    [
        ("equity", "Equity and profit"), ("residual", "Residual"), ("accounts", "Accounts"), ("market", "Between the venues"),
        ("transfers", "Transfers"), ("fills", "Fills"), ("losses", "Loss given default"), ("invariants", "Invariants"), ("run", "This run"),
    ];

    /// <summary>Writes the page.</summary>
    public static string Write(RunFolder run)
    {
        var model = new ReportModel(run);
        var html = new Html();
        html.Add("<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=color-scheme content=\"light dark\">");

        // Whatever stands in a result: the page asks for nothing from anywhere.
        html.Add("<meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline';img-src data:\"><link rel=icon href=\"data:,\">");
        html.Add($"<title>CrossHedge report</title><style>{Resource("page.css")}</style></head>\n<body data-from=\"{model.Time.FromUtc:yyyy-MM-ddTHH:mm:ss}Z\" data-seconds=\"{model.Time.Length}\"><main>\n");
        Headline.Write(html, model);
        html.Add("<nav aria-label=sections><ul>");
        foreach (var (id, name) in Sections)
        {
            html.Add($"<li><a href=\"#{id}\">{name}</a>");
        }

        html.Add("</ul></nav>\n");
        EquitySection.Write(html, model);
        ResidualSection.Write(html, model);
        AccountsSection.Write(html, model);
        MarketSection.Write(html, model);
        MovesSection.Write(html, model);
        RiskSection.Write(html, model);
        RunSection.Write(html, model);
        html.Add("<footer>Numbers have all digits of the result, small from the third decimal on; only axes and read-outs are rounded. Times are UTC. Pointing at a chart reads it out; dragging over one zooms all, a double click shows all again.</footer>");
        html.Add($"</main><script>{Resource("page.js")}</script></body></html>\n");
        return html.ToString();
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
