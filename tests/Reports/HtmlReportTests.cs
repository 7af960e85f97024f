using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Tests.Reports;

[TestClass]
public sealed partial class HtmlReportTests
{
    static Summary Example =>
        new()
        {
            Name = "a <b>bold</b> name",
            Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
            TotalSeconds = 200,
            Engines = new("5.0.1", "0.107.0, libtorch 2.10.0", "1.31.1", "cpu", 2),
            Command = "./noisynn train file.yaml --set training.epochs=3",
            Seed = 7,
            Dataset = new("fashion-mnist", 54_000, 6_000, 10_000, new string('a', 64)),
            Runs =
            [
                new("vanilla", "none", 0.884, 0.8801, 0.8736, 0.8863, 6, 6, 71, 4600, 203_000),
                new("noisy", "circular-shift", 0.882, 0.8785, 0.8719, 0.8847, 6, 5, 74, 4400, 203_000),
            ],
            Protocol =
            [
                new("off", "sorted", 64, 0.88, 0, 1),
                new("optimal-mixing", "sorted", 10, 0.97, 0, 1),
                new("optimal-mixing", "shuffled", 10, 0.61, 0.004, 5),
            ],
            ProtocolSite = "attention input of block 3",
            LeakIndex = 0.36,
            Leaks = [new(10, 0.36, 0.35, 0.37)],
            BatchInvariance = 9.5e-7,
            BatchInvarianceWithNoise = 4.2,
            Verdict = "an artefact",
            Onnx = new("runs/demo/model.onnx", 17, 3.2e-6, 0.8801, 5400, 64),
        };

    static readonly TrainingCurve[] s_curves =
    [
        new("vanilla", [new(1, 1.1, 0.7, 0.80), new(2, 0.75, 0.6, 0.84)]),
        new("noisy", [new(1, 1.2, 0.7, 0.79), new(2, 0.8, 0.6, double.NaN)]),
    ];

    [TestMethod]
    public void The_page_loads_nothing_from_elsewhere()
    {
        var page = HtmlReport.Render(Example, s_curves);

        Assert.IsFalse(ExternalReference().IsMatch(page), "a report must open without a network");
        Assert.HasCount(2, Svg().Matches(page), "two charts are drawn inline");
    }

    [TestMethod]
    public void Names_are_encoded_not_interpreted()
    {
        var page = HtmlReport.Render(Example, s_curves);

        Assert.Contains("a &lt;b&gt;bold&lt;/b&gt; name", page);
        Assert.DoesNotContain("<b>bold</b>", page);
    }

    [TestMethod]
    public void The_headline_is_the_noise_off_accuracy_and_the_table_shows_the_distance_to_it()
    {
        var page = HtmlReport.Render(Example, s_curves);

        Assert.Contains("88.01 %", page[..page.IndexOf("</header>", StringComparison.Ordinal)]);
        Assert.DoesNotContain("97.00 %", page[..page.IndexOf("</header>", StringComparison.Ordinal)]);
        Assert.Contains("+9.00", page); // 0.97 - 0.88, class-sorted
        Assert.Contains("−27.00", page); // 0.61 - 0.88, shuffled
    }

    [TestMethod]
    public void A_curve_with_a_missing_point_is_drawn_without_it()
    {
        var page = HtmlReport.Render(Example, s_curves);

        Assert.DoesNotContain("NaN", page);
    }

    [TestMethod]
    public void An_accuracy_that_depends_on_the_batch_is_no_headline_number()
    {
        var page = HtmlReport.Render(Example with { Runs = [Example.Runs[0] with { BatchInvariant = false }, Example.Runs[1]] }, s_curves);

        var header = page[..page.IndexOf("</header>", StringComparison.Ordinal)];
        Assert.Contains("""<p class="number">transductive</p>""", header);
        Assert.DoesNotContain("""<p class="number">88.01 %</p>""", header);
        Assert.Contains("""<p class="number">87.85 %</p>""", header);
    }

    [TestMethod]
    public void What_was_not_measured_is_left_out_of_the_page_and_of_the_json()
    {
        var summary = Example with
        {
            Protocol = [],
            Leaks = [],
            LeakIndex = null,
            BatchInvarianceWithNoise = null,
            Runs = [Example.Runs[0] with { ValidationAccuracy = null }],
        };

        Assert.DoesNotContain("Is the gain real?", HtmlReport.Render(summary, s_curves));
        Assert.DoesNotContain("leakIndex", summary.ToJson());
        Assert.AreEqual(summary.ToJson(), Summary.FromJson(summary.ToJson()).ToJson());
    }

    [TestMethod]
    public void Autoencoders_have_bounds_in_place_of_accuracies_and_of_an_exported_model()
    {
        var summary = Example with
        {
            Runs = [Bound("gaussian", -239.87, weighted: -238.52), Bound("information-dropout", -242.03, weighted: null)],
            Protocol = [],
            Leaks = [],
            LeakIndex = null,
            Onnx = null,
        };
        TrainingCurve[] curves =
        [
            .. summary.Runs.Select(run => new TrainingCurve(
                run.Name,
                [new(1, 260, 255, double.NaN, 12), new(2, 250, 245, double.NaN, 12.5)]
            )),
        ];
        var page = HtmlReport.Render(summary, curves);

        Assert.Contains("""<p class="number">-239.87 nats</p>""", page);
        Assert.Contains("-238.52 weighted over 50 draws", page);
        Assert.Contains("""<td class="n">–</td>""", page, "One run has no weighted bound.");
        Assert.HasCount(3, Svg().Matches(page));
        Assert.Contains("""<polyline class="line vanilla""", page);
        foreach (var absent in new[] { "ONNX file", "accuracy", "Is the gain real?", "NaN" })
            Assert.DoesNotContain(absent, page);
        Assert.DoesNotContain("testAccuracy", summary.ToJson());
        Assert.AreEqual(summary.ToJson(), Summary.FromJson(summary.ToJson()).ToJson());
    }

    static RunSummary Bound(string name, double test, double? weighted) =>
        new(name, "noise on the code", null, null, null, null, 20, 19, 150, 9000, 984_000)
        {
            Bound = new(-237.8, -224.96, 12.84, -239.9, test, weighted, weighted is null ? 0 : 50),
        };

    [TestMethod]
    public void A_summary_survives_its_own_json()
    {
        var read = Summary.FromJson(Example.ToJson());

        Assert.AreEqual(Example.ToJson(), read.ToJson());
        Assert.AreEqual(0.8801, read.Runs[0].TestAccuracy);
    }

    [TestMethod]
    [DataRow("engines", "mlnet torch onnxruntime device")]
    [DataRow("dataset", "name train validation test sha256")]
    [DataRow("onnx", "path opset maxAbsDifference testAccuracy rowsPerSecond")]
    public void The_summary_has_the_documented_keys(string section, string keys)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Example.ToJson());
        var found = json.RootElement.GetProperty(section);

        foreach (var key in keys.Split(' '))
            Assert.IsTrue(found.TryGetProperty(key, out _), $"{section}.{key}");
    }

    [GeneratedRegex("""(src|href)\s*=|url\(|<script|<link|@import""", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalReference();

    [GeneratedRegex("<svg ")]
    private static partial Regex Svg();
}
