using System.Collections;
using System.Globalization;
using Microsoft.ML;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Training;
using NoisyNN.Tests.Entropy;
using NoisyNN.Tests.Entropy.Advice;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Entropy.Advice;
using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Tracking;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Composition;

/// <summary>Reports print as text that people read, in every culture the same.</summary>
[TestClass]
public sealed class ReportTextTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void An_entropy_prints_its_figures_classes_and_what_decides_them()
    {
        var report = _context.Entropy.Measure(AdvicePlanted.Nuisance(_context, 60), "Features", "Class");

        var lines = LinesOf(report);

        Assert.AreEqual(FormattableString.Invariant($"{report.Mode} entropy: {report.Dse:0.0000} bits"), lines[0]);
        Assert.AreEqual(FormattableString.Invariant($"mutual information with the classes: {report.Dsmi:0.0000} bits"), lines[1]);
        Assert.HasCount(report.Classes.Count, lines.Where(line => line.StartsWith("  '", StringComparison.Ordinal)));
        Assert.Contains(FormattableString.Invariant($"60 rows of {report.Dimension} features"), lines[2 + report.Classes.Count]);
    }

    [TestMethod]
    public void An_advice_prints_its_verdict_and_a_line_for_each_noise()
    {
        var advice = _context.Entropy.Screen(
            AdvicePlanted.Nuisance(_context, 480),
            "Features",
            "Class",
            new AdviceOptions
            {
                Candidates = [new GaussianNoise(0.5), new OptimalMixingNoise(MixAxis.Tokens)],
                Blocks = 12,
                RowsPerBlock = 40,
            }
        );

        var lines = LinesOf(advice);

        Assert.StartsWith("Largest rise of DSMI: ", lines[0]);
        Assert.Contains(line => line.StartsWith("  gaussian (StandardDeviation 0.5, Mean 0): ", StringComparison.Ordinal), lines);
        Assert.Contains(line => line.StartsWith("  optimal-mixing (Axis Tokens): +", StringComparison.Ordinal), lines);
        Assert.Contains("12 blocks of 40 rows out of 480", lines[3]);
    }

    [TestMethod]
    public void A_change_of_entropy_prints_both_figures_the_verdict_and_the_covariance()
    {
        var change = _context.Entropy.Change(new GaussianNoise(0.5), AdvicePlanted.Nuisance(_context, 60), "Features", "Class");

        var lines = LinesOf(change);

        Assert.StartsWith("gaussian, nats per row: paper -", lines[0]);
        Assert.StartsWith("Paper: harmful noise", lines[1]);
        Assert.StartsWith("covariance of 60 rows of ", lines[2]);
        Assert.AreEqual("at least 0.5000", new EntropyBounds(AtLeast: 0.5).ToString());
        Assert.AreEqual("+0.0100 bits (-0.0050 to 0.0250)", new MeasuredChange(0.01, -0.005, 0.025).ToString());
        Assert.AreEqual(
            "Fixed: DSE 1.5000 bits, DSMI with the labels 0.2500 bits (σ 10, median distance 2.5)",
            new TrackedEntropy(TrackedBandwidth.Fixed, 10, 2.5, 1.5, 0.25, InputDsmi: null).ToString()
        );
        Assert.AreEqual("95 % interval 1.2500 to 1.5000", new SubsamplingInterval(1.25, 1.5, 0.95, 90, 100).ToString());
    }

    [TestMethod]
    public void A_training_prints_a_line_for_itself_and_for_each_epoch()
    {
        var images = new PlantedImages();
        var options = images.Options(epochs: 2);
        options.ValidationSet = images.View(15, seed: 2);
        using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(48));

        var lines = LinesOf(model.Training);

        Assert.HasCount(3, lines);
        Assert.StartsWith("6 steps in ", lines[0]);
        Assert.Contains("validation accuracy 0.", lines[0].Replace("accuracy 1.", "accuracy 0.", StringComparison.Ordinal));
        Assert.StartsWith("  epoch 1 of 2, step 3 of 6: loss ", lines[1]);
        Assert.StartsWith("  epoch 2 of 2, step 6 of 6: loss ", lines[2]);
    }

    [TestMethod]
    public void An_autoencoder_and_an_export_print_their_figures()
    {
        var metrics = new TrainingMetrics
        {
            Epoch = 2,
            EpochCount = 5,
            Step = 40,
            StepCount = 100,
            Loss = 240.1,
            LogLikelihood = -225,
            Divergence = 15.1,
            ValidationLoss = 241.5,
            LearningRate = 1e-3,
            ImagesPerSecond = 1200,
            ElapsedSeconds = 3,
            RemainingSeconds = 4,
        };
        Assert.AreEqual(
            "epoch 2 of 5, step 40 of 100: loss 240.1000, validation loss 241.5000, bound -240.10 nats, divergence 15.10, 1200 images/s",
            Printed(metrics)
        );
        Assert.AreEqual(
            "'model.onnx': 12,345 parameters, operator set 17, at most 1.5e-06 from the network",
            Printed(new OnnxExportResult("model.onnx", 17, 1.5e-6, 12_345))
        );
    }

    [TestMethod]
    public void No_public_result_prints_the_name_of_a_type_or_the_numbers_of_a_culture()
    {
        // A record without a text of its own prints lists as names of types, and numbers as the thread's culture writes them.
        Type[] results =
        [
            .. new[] { typeof(NoiseDefinition), typeof(EntropyReport), typeof(TrainingResult) }
                .SelectMany(type => type.Assembly.GetExportedTypes())
                .Where(type => type.GetMethod("<Clone>$") is not null && !type.IsAbstract && IsResult(type.Name)),
        ];
        Assert.IsGreaterThan(15, results.Length);
        foreach (var type in results)
        {
            var isAtRisk = type.GetProperties()
                .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                .Any(kind =>
                    kind == typeof(double)
                    || kind == typeof(float)
                    || (kind != typeof(string) && typeof(IEnumerable).IsAssignableFrom(kind))
                );
            var text = type.GetMethod(nameof(ToString), Type.EmptyTypes)!;
            Assert.IsTrue(
                !isAtRisk || !text.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false),
                type.FullName
            );
        }

        static bool IsResult(string name) =>
            new[]
            {
                "Report",
                "Advice",
                "Change",
                "Result",
                "Metrics",
                "Entropy",
                "Estimate",
                "Interval",
                "Bounds",
                "RankedNoise",
                "Setting",
            }.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
    }

    static string[] LinesOf(object report) => Printed(report).Split(Environment.NewLine);

    /// <summary>The text, which must be the same where a comma is the decimal sign.</summary>
    static string Printed(object report)
    {
        var culture = CultureInfo.CurrentCulture;
        var text = report.ToString()!;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = comma;
            Assert.AreEqual(text, report.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.DoesNotContain("System.", text);
        Assert.DoesNotContain("<>z__", text);
        return text;
    }
}
