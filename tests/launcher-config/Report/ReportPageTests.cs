using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher.Report;

/// <summary>The page in a browser that is installed; without one these tests are skipped.</summary>
[TestFixture]
public sealed class ReportPageTests
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>Before anything of the page runs: takes down every error. Once it is laid out: what stands where.</summary>
    private const string Before = """
        <script>
        window.problems = [];
        addEventListener('error', event => problems.push('error: ' + event.message), true);
        addEventListener('unhandledrejection', event => problems.push('rejection: ' + event.reason));
        addEventListener('securitypolicyviolation', event => problems.push('policy: ' + event.blockedURI + ' ' + event.violatedDirective));
        for (const kind of ['error', 'warn']) console[kind] = text => problems.push(kind + ': ' + text);
        </script>
        """;

    private const string After = """
        <script>
        addEventListener('load', () => {
          const room = element => { const box = element.getBoundingClientRect(); return box.width + box.height; };
          document.querySelectorAll('details').forEach(details => details.open = true);
          const wide = document.documentElement.scrollWidth;
          const charts = [...document.querySelectorAll('[data-chart]')].map(chart => ({
            name: chart.querySelector('figcaption b').textContent,
            marks: chart.querySelectorAll('.line, .bar, .col, .stem, .area').length,
            empty: [...chart.querySelectorAll('.plot .line, .plot .bar, .plot .stem, .plot .area')].filter(mark => !(room(mark) > 0)).length,
            drawn: [...chart.querySelectorAll('.plot .line, .plot .bar, .plot .stem, .col')].some(mark => room(mark) > 1),
            box: room(chart.querySelector('svg[role=img]')),
            named: [...chart.querySelectorAll('svg[role=img]')].every(svg => svg.hasAttribute('aria-label') || (svg.querySelector('title') && svg.querySelector('desc'))),
          }));
          const plot = document.querySelector('[data-time] .plot'), area = plot.getBoundingClientRect();
          const at = (type, share) => plot.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, pointerType: 'mouse', button: 0, clientX: area.left + share * area.width, clientY: area.top + 5 }));
          plot.setPointerCapture = () => {};
          at('pointermove', .5);
          const read = document.querySelector('.read')?.textContent ?? '';
          at('pointerdown', .25); at('pointermove', .5); at('pointerup', .5);
          const zoomed = plot.querySelector('svg').getAttribute('viewBox');
          plot.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
          const whole = plot.querySelector('svg').getAttribute('viewBox');
          const numbers = Object.fromEntries([...document.querySelectorAll('[id^=v-]')].map(element => [element.id.slice(2), element.querySelector('data')?.value ?? element.textContent]));
          const report = document.createElement('pre');
          report.id = 'report-check';
          report.textContent = JSON.stringify({ problems, charts, numbers, read, zoomed, whole, wide, width: innerWidth, resources: performance.getEntriesByType('resource').length, drawnAfter: performance.now() });
          document.body.append(report);
        });
        </script>
        """;

    [TestCase(390, 844)]
    [TestCase(1280, 900)]
    public void ItIsDrawnWholeWithoutAnErrorAndItsNumbersAreTheResults(int width, int height)
    {
        var check = Check(width, height);
        TestContext.Out.WriteLine($"{width} px: {check.GetProperty("charts").GetArrayLength()} charts, laid out after {check.GetProperty("drawnAfter").GetDouble():0} ms");

        Assert.That(check.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()), Is.Empty);
        Assert.That(check.GetProperty("resources").GetInt32(), Is.Zero, "no network");
        Assert.That(check.GetProperty("wide").GetInt32(), Is.LessThanOrEqualTo(check.GetProperty("width").GetInt32()), "nothing is wider than the window");

        var charts = check.GetProperty("charts").EnumerateArray().ToList();
        Assert.That(
            charts.Select(chart => chart.GetProperty("name").GetString()),
            Is.SupersetOf(new[]
            {
                "Where the profit came from, USDT", "Equity", "Profit split", "BTC: residual", "BTC: naked intervals", "binance-spot: equity", "bybit: margin used",
                "bybit: distance to liquidation", "bybit: health of its venue", "BTC: basis", "Funding, since the start", "Funding payments, USDT",
                "BTC: bybit:perpetual:BTCUSDT against the primary", "Transfers", "USDT in transit", "Fills: bybit:perpetual:BTCUSDT", "If a venue failed",
            }));
        foreach (var chart in charts)
        {
            Assert.That(chart.GetProperty("drawn").GetBoolean() && chart.GetProperty("box").GetDouble() > 0 && chart.GetProperty("empty").GetInt32() == 0, chart.GetRawText());
            Assert.That(chart.GetProperty("named").GetBoolean(), chart.GetRawText());
        }

        var (numbers, result) = (check.GetProperty("numbers"), ReportRuns.Result);
        Assert.That(numbers.GetProperty("profit").GetString(), Is.EqualTo(result.GetProperty("profit").GetProperty("total").GetRawText()));
        Assert.That(numbers.GetProperty("equity").GetString(), Is.EqualTo(result.GetProperty("equity").GetProperty("end").GetRawText()));
        Assert.That(numbers.GetProperty("residual").GetString(), Is.EqualTo(result.GetProperty("residual").GetProperty("max").GetRawText()));
        Assert.That(numbers.GetProperty("outside").GetString(), Is.EqualTo(result.GetProperty("residual").GetProperty("stepsOutsideBand").GetRawText()));
        Assert.That(numbers.GetProperty("checked").GetString(), Is.EqualTo(result.GetProperty("invariants").GetProperty("checked").GetRawText()));
        Assert.That(numbers.GetProperty("violated").GetString(), Is.EqualTo(result.GetProperty("invariants").GetProperty("violated").GetRawText()));
        Assert.That(numbers.GetProperty("fees").GetString(), Is.EqualTo(result.GetProperty("profit").GetProperty("fees").GetRawText()));
        Assert.That(numbers.GetProperty("fills").GetString(), Is.EqualTo(result.GetProperty("fills").GetRawText()));
        Assert.That(numbers.GetProperty("hash").GetString(), Is.EqualTo(result.GetProperty("decisionLogHash").GetString()));
    }

    [Test]
    public void PointingReadsAChartOutAndDraggingZooms()
    {
        var check = Check(1280, 900);

        Assert.That(check.GetProperty("read").GetString(), Does.Match("^equity: [0-9,.]+  \\(2025-01-0[12] [0-9:]{5}\\)$"));
        Assert.That(check.GetProperty("zoomed").GetString(), Does.Match("^250(\\.[0-9]+)? 0 250(\\.[0-9]+)? "));
        Assert.That(check.GetProperty("whole").GetString(), Does.StartWith("0 0 1000 "));
    }

    private static JsonElement Check(int width, int height)
    {
        var browser = Find() ?? throw new IgnoreException($"no browser on the PATH ({string.Join(", ", Browsers)}): the page was not looked at in one.");
        using var folder = new TestFolder();
        Assert.That(folder.Run("report", ReportRuns.Folder, "--out", "report.html").ExitCode, Is.Zero);
        var page = File.ReadAllText(folder["report.html"]);

        // In a frame, because a window is not as narrow as a phone.
        page = page.Replace("<title>CrossHedge report</title>", Before + "<title>CrossHedge report</title>", StringComparison.Ordinal).Replace("</body>", After + "</body>", StringComparison.Ordinal);
        var checkedPage = folder.Write("checked.html", $"""
            <!doctype html><meta charset=utf-8><iframe style="border:0;width:{width}px;height:{height}px" srcdoc="{WebUtility.HtmlEncode(page)}"></iframe>
            <script>addEventListener('load', () => document.body.append(document.querySelector('iframe').contentDocument.getElementById('report-check').cloneNode(true)))</script>
            """);
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-extensions", $"--user-data-dir={folder["profile"]}",
            "--window-size=1400,1000", "--enable-logging=stderr", "--dump-dom", new Uri(checkedPage).AbsoluteUri,
        })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var found = Regex.Match(dom, "<pre id=\"report-check\">(.*?)</pre>", RegexOptions.Singleline);
        Assert.That(found.Success, $"the browser did not lay the page out: {errors.GetAwaiter().GetResult()}");
        Assert.That(errors.GetAwaiter().GetResult().Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal)), Is.Empty);
        return JsonElement.Parse(WebUtility.HtmlDecode(found.Groups[1].Value));
    }

    private static string? Find()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Browsers.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
            .FirstOrDefault(File.Exists);
}
