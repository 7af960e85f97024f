using System.Text;
using static NoisyNN.Pipelines.Reports.ReportPage;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The run's report: one self-contained page, made for a laptop's screen and for paper.</summary>
public static class HtmlReport
{
    /// <summary>Renders the page. It loads nothing: styles and drawings are inside.</summary>
    /// <param name="summary">All figures.</param>
    /// <param name="curves">The course of each training.</param>
    /// <param name="gallery">Where a network takes its information from; null for one that does not count it.</param>
    public static string Render(Summary summary, IReadOnlyList<TrainingCurve> curves, InformationGallery? gallery = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(curves);

        var page = new StringBuilder();
        Headline(page, summary);
        if (summary.Protocol.Count > 0)
            Judgement(page, summary);
        Training(page, summary, curves);
        gallery?.Render(page);
        if (summary.Onnx is { } onnx)
            Shipped(page, onnx);
        Provenance(page, summary);
        return ReportPage.Of(summary.Name, page);
    }

    static void Headline(StringBuilder page, Summary summary)
    {
        page.Append(Opening("experiment report", summary.Name, summary.Claim));
        foreach (var run in summary.Runs)
            page.Append(
                $"""
                <div class="figure {StyleOf(run)}">
                <p class="number">{(run.BatchInvariant ? Percent(run.TestAccuracy) : "transductive")}</p>
                <p class="what"><b>{Text(run.Name)}</b>, {(run.BatchInvariant
                    ? "test accuracy with noise off"
                    : $"no accuracy of its own: with noise off a prediction still depends on the rest of its batch ({Percent(run.TestAccuracy)} in the order that was tried)")}</p>
                <p class="small">{(run.BatchInvariant ? $"95 % interval {Percent(run.TestAccuracyLow)} to {Percent(run.TestAccuracyHigh)} · " : "")}{Text(run.Noise)}</p>
                </div>
                """
            );
        page.Append(
            $"""
            </div>
            <p class="small">Accuracy is correct over total on {summary.Dataset.Test:N0} test rows that chose nothing: the epoch was chosen on
            {summary.Dataset.Validation:N0} validation rows. One seed ({summary.Seed}); a difference inside the intervals is no finding.</p>
            </header>

            """
        );
    }

    static void Judgement(StringBuilder page, Summary summary)
    {
        var off = summary.Protocol.Where(row => row.Noise == "off").Select(row => row.Accuracy).DefaultIfEmpty(double.NaN).First();
        page.Append(
            $"""
            <section>
            <h2>Is the gain real?</h2>
            <p class="verdict">{Text(summary.Verdict ?? "")}</p>
            <p>The table scores one trained network again with noise <em>at inference</em> ({Text(
                summary.ProtocolSite ?? ""
            )}). A mixing across the batch
            lets a prediction see the other images of its batch; in class-sorted order these carry the same label. A gain that disappears in
            shuffled order and at batch 1 comes from there, not from the network.</p>
            <div class="scroll"><table>
            <thead><tr><th>noise at inference</th><th>order of the test rows</th><th class="n">batch</th><th class="n">accuracy</th><th>deviation</th><th class="n">against noise off</th><th class="bars"></th></tr></thead>
            <tbody>
            """
        );
        foreach (var row in summary.Protocol)
        {
            var deviation = row.Orders > 1 ? $"± {Percent(row.StandardDeviation)}, {row.Orders} orders" : "";
            var kind =
                row.Noise == "off" ? "off"
                : row.Accuracy > off + 1e-12 ? "up"
                : row.Accuracy < off - 1e-12 ? "down"
                : "off";
            page.Append(
                $"""
                <tr><td>{Text(row.Noise)}</td><td>{Text(row.Order)}</td><td class="n">{row.Batch}</td><td class="n">{Percent(
                    row.Accuracy
                )}</td><td class="small">{deviation}</td>
                <td class="n {kind}">{(
                    row.Noise == "off" ? "" : Points(row.Accuracy - off)
                )}</td><td class="bars"><span class="bar {kind}" style="width:{Number(row.Accuracy * 100)}%"></span></td></tr>
                """
            );
        }

        page.Append(
            """
            </tbody></table></div>
            <div class="scroll"><table class="narrow">
            <thead><tr><th class="n">batch</th><th class="n">leak index</th><th>95 % interval</th></tr></thead><tbody>
            """
        );
        foreach (var leak in summary.Leaks)
            page.Append(
                $"""<tr><td class="n">{leak.Batch}</td><td class="n">{Points(leak.Index)}</td><td>{Points(leak.Low)} to {Points(leak.High)}</td></tr>"""
            );
        page.Append(
            $"""
            </tbody></table></div>
            <p class="small">Leak index: accuracy in class-sorted order minus mean accuracy in shuffled order, in percentage points; an honest method has
            none. Batch invariance, the largest change of a logit when the neighbours change: {Scientific(
                summary.BatchInvariance ?? double.NaN
            )} with noise off,
            {Scientific(summary.BatchInvarianceWithNoise ?? double.NaN)} with this noise on.</p>
            </section>

            """
        );
    }

    static void Training(StringBuilder page, Summary summary, IReadOnlyList<TrainingCurve> curves)
    {
        LineChart Chart(string title, Func<EpochPoint, double> value, Func<double, string> format) =>
            new(
                title,
                [
                    .. curves
                        .Where(curve => curve.Epochs.Count > 0)
                        .Select(curve => new LineChart.Series(
                            Text(curve.Name),
                            curve.Name == "vanilla" ? "vanilla" : "noisy",
                            [.. curve.Epochs.Select(point => ((double)point.Epoch, value(point)))]
                        )),
                ],
                format
            );

        page.Append(
            $"""
            <section>
            <h2>Training</h2>
            <div class="charts">
            <figure>{Chart(
                    "Validation accuracy",
                    point => point.ValidationAccuracy,
                    value => $"{Number(value * 100)} %"
                ).ToSvg()}<figcaption>Validation accuracy, noise off</figcaption></figure>
            <figure>{Chart(
                    "Training loss",
                    point => point.TrainLoss,
                    Number
                ).ToSvg()}<figcaption>Mean training loss, nats, noise on where there is one</figcaption></figure>
            </div>
            <div class="scroll"><table>
            <thead><tr><th>run</th><th>noise in training</th><th class="n">parameters</th><th class="n">epochs</th><th class="n">best epoch</th><th class="n">validation</th><th class="n">test</th><th class="n">seconds</th><th class="n">images/s</th></tr></thead><tbody>
            """
        );
        foreach (var run in summary.Runs)
            page.Append(
                $"""
                <tr><td><b>{Text(run.Name)}</b></td><td>{Text(
                    run.Noise
                )}</td><td class="n">{run.Parameters:N0}</td><td class="n">{run.Epochs}</td><td class="n">{run.BestEpoch}</td>
                <td class="n">{Percent(run.ValidationAccuracy ?? double.NaN)}</td><td class="n">{Percent(
                    run.TestAccuracy
                )}{run.Mark}</td><td class="n">{run.TrainSeconds:F0}</td><td class="n">{run.ImagesPerSecond:N0}</td></tr>
                """
            );
        page.Append("</tbody></table></div>\n</section>\n\n");
    }

    static void Shipped(StringBuilder page, OnnxSummary onnx) =>
        page.Append(
            $"""
            <section>
            <h2>The ONNX file</h2>
            <div class="scroll"><table class="narrow">
            <tbody>
            <tr><th>file</th><td><code>{Text(onnx.Path)}</code>, opset {onnx.Opset}</td></tr>
            <tr><th>largest difference to the network</th><td>{Scientific(onnx.MaxAbsDifference)}</td></tr>
            <tr><th>test accuracy on ONNX Runtime</th><td>{Percent(onnx.TestAccuracy)}</td></tr>
            <tr><th>speed</th><td>{onnx.RowsPerSecond:N0} rows/s in batches of {onnx.Batch}</td></tr>
            </tbody></table></div>
            </section>

            """
        );

    static void Provenance(StringBuilder page, Summary summary) =>
        page.Append(
            $"""
            <section class="provenance">
            <h2>To repeat it</h2>
            <pre>{Text(summary.Command)}</pre>
            <p class="small">Data: {Text(
                summary.Dataset.Name
            )}, {summary.Dataset.Train:N0} train, {summary.Dataset.Validation:N0} validation, {summary.Dataset.Test:N0} test rows,
            sha256 <code>{Text(summary.Dataset.Sha256)}</code>. Seed {summary.Seed}.
            Engines: ML.NET {Text(summary.Engines.Mlnet)}, TorchSharp {Text(summary.Engines.Torch)}, ONNX Runtime {Text(
                summary.Engines.Onnxruntime
            )},
            {Text(
                summary.Engines.Device
            )}, {summary.Engines.Threads} threads. Finished {summary.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC after {summary.TotalSeconds:F0} s.</p>
            </section>

            """
        );

    static string StyleOf(RunSummary run) => run.Name == "vanilla" ? "vanilla" : "noisy";
}
