using System.Globalization;
using System.Net;
using System.Text;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What the pages of all reports share: the frame, the style, and how figures are written.</summary>
static class ReportPage
{
    /// <summary>A whole page that loads nothing: styles and drawings are inside.</summary>
    public static string Of(string title, StringBuilder content) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)} · NoisyNN for ML.NET</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            {content}</main>
            </body>
            </html>

            """;

    /// <summary>How a report begins, up to its figures: what it is, what it is called, what it is to show.</summary>
    public static string Opening(string kind, string name, string? claim) =>
        $"""
            <header>
            <p class="kicker">NoisyNN for ML.NET · {kind}</p>
            <h1>{Text(name)}</h1>
            {(claim is null ? "" : $"<p class=\"claim\">{Text(claim)}</p>")}
            <div class="figures">
            """;

    public static string Text(string text) => WebUtility.HtmlEncode(Printable.Lines(text));

    public static string Percent(double? fraction) => Percent(fraction ?? double.NaN);

    public static string Percent(double fraction) =>
        double.IsNaN(fraction) ? "–" : (fraction * 100).ToString("F2", CultureInfo.InvariantCulture) + " %";

    public static string Points(double fraction) => (fraction * 100).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Scientific(double value) => value == 0 ? "0" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    const string Style = """

        :root { --ink: #1d2430; --soft: #5c6675; --line: #dfe3e9; --paper: #ffffff; --vanilla: #5b6b82; --noisy: #b4531f; --up: #a3561a; --down: #33658a; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #f4f5f7; color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 40px 44px 56px; background: var(--paper); min-height: 100vh; }
        h1 { font-size: 30px; line-height: 1.2; margin: 2px 0 6px; }
        h2 { font-size: 19px; margin: 40px 0 10px; padding-top: 18px; border-top: 1px solid var(--line); }
        p { margin: 8px 0; max-width: 78ch; }
        .kicker { color: var(--soft); font-size: 13px; letter-spacing: .02em; margin: 0; }
        .claim { font-size: 17px; color: var(--soft); }
        .small { font-size: 13px; color: var(--soft); }
        .figures { display: flex; flex-wrap: wrap; gap: 18px; margin: 22px 0 14px; }
        .figure { flex: 1 1 300px; border: 1px solid var(--line); border-left: 5px solid var(--vanilla); padding: 12px 18px; border-radius: 4px; }
        .figure.noisy { border-left-color: var(--noisy); }
        .figure p { margin: 2px 0; }
        .number { font-size: 34px; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.2; }
        .deviation { font-size: 20px; font-weight: 500; color: var(--soft); }
        .verdict { font-size: 17px; border-left: 5px solid var(--noisy); padding: 4px 0 4px 16px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: 14px 0; font-size: 14px; font-variant-numeric: tabular-nums; }
        table.narrow { width: auto; }
        th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
        th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); }
        .n { text-align: right; white-space: nowrap; }
        td a { color: var(--ink); font-weight: 600; white-space: nowrap; }
        td.bars, th.bars { width: 26%; padding-right: 0; }
        .bar { display: block; height: 11px; border-radius: 2px; background: var(--vanilla); }
        .bar.up { background: var(--up); } .bar.down { background: var(--down); }
        td.up { color: var(--up); } td.down { color: var(--down); }
        table.gallery { width: auto; } .gallery th, .gallery td { border: 0; padding: 3px; vertical-align: middle; }
        .gallery thead th { text-align: center; font-weight: 400; } .gallery tbody th { min-width: 116px; padding-right: 12px; }
        .gallery .small { font-weight: 400; }
        .gallery td img { display: block; width: 96px; height: 96px; object-fit: contain; image-rendering: pixelated; outline: 1px solid var(--line); outline-offset: -1px; }
        .gallery .scale { display: block; width: 100%; height: 8px; margin-top: 6px; outline: 1px solid var(--line); }
        .gallery .ends { display: flex; justify-content: space-between; }
        .charts { display: grid; grid-template-columns: 1fr 1fr; gap: 26px; }
        figure { margin: 8px 0; } figcaption { font-size: 13px; color: var(--soft); }
        svg { width: 100%; height: auto; display: block; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--soft); }
        svg.dots { max-width: 620px; } svg .pair { stroke: var(--line); stroke-width: 1.4; }
        svg .mean { stroke-width: 2.4; } svg .mean.vanilla { stroke: var(--vanilla); } svg .mean.noisy { stroke: var(--noisy); }
        svg.dots .dot { fill-opacity: .6; }
        svg .line { fill: none; stroke-width: 2.2; } svg .label { font-weight: 600; }
        svg .line.vanilla { stroke: var(--vanilla); } svg .dot.vanilla, svg .label.vanilla { fill: var(--vanilla); }
        svg .line.noisy { stroke: var(--noisy); stroke-dasharray: 7 3; } svg .dot.noisy, svg .label.noisy { fill: var(--noisy); }
        pre { background: #f4f5f7; padding: 12px 14px; white-space: pre-wrap; border-radius: 4px; }
        code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        @media screen and (max-width: 760px) { main { padding: 24px 18px; } .charts { grid-template-columns: 1fr; } }
        @media print {
          body { background: none; font-size: 10pt; } main { padding: 0; max-width: none; }
          table { font-size: 8.5pt; margin: 8px 0; } th, .small { font-size: 8pt; } td, th { padding: 4px 9px 4px 0; } h2 { margin-top: 18px; } p { margin: 5px 0; }
          .charts, .figure, figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
          * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          .scroll { overflow: visible; }
        }

        """;
}
