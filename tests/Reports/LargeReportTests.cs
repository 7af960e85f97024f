using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Reports;

/// <summary>The page of a run on many classes and rows, from a summary alone.</summary>
[TestClass]
public sealed class LargeReportTests
{
    const int Classes = 100,
        Rows = 50_000,
        MostBytes = 3_000_000;

    static readonly ImageShape s_shape = new(3, 224, 224);

    /// <summary>A classifier that is right in about two thirds of the rows, and less sure where it is wrong.</summary>
    static Predictions Predict()
    {
        var random = new Random(4);
        var (probabilities, classes) = (new float[Rows * Classes], new int[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            classes[row] = row % Classes;
            var (answer, confidence) = random.Next(3) > 0 ? (classes[row], 0.9f) : (random.Next(Classes), 0.6f);
            probabilities.AsSpan(row * Classes, Classes).Fill((1 - confidence) / (Classes - 1));
            probabilities[row * Classes + answer] = confidence;
        }
        return new Predictions(
            [.. Enumerable.Range(0, Classes).Select(label => $"a class with a long name {label}")],
            probabilities,
            classes
        );
    }

    /// <summary>Images of noise, which no format makes smaller.</summary>
    static ShownImage Noise(string caption, Random random)
    {
        var pixels = new byte[s_shape.Length];
        random.NextBytes(pixels);
        return new ShownImage(caption, pixels);
    }

    [TestMethod]
    public void A_hundred_classes_and_fifty_thousand_rows_make_a_page_below_three_megabytes()
    {
        var predictions = Predict();
        var figures = Classification.Of(predictions);
        var random = new Random(5);
        ShownImage[] samples = [.. Enumerable.Range(0, 8).Select(index => Noise($"sample {index}", random))];
        var summary = new Summary
        {
            Name = "large",
            Finished = DateTimeOffset.UnixEpoch,
            TotalSeconds = 1,
            Engines = new("5.0.1", "0.107.0", "1.31.1", "cpu", 2),
            Command = "./noisynn train large.yaml",
            Seed = 1,
            Dataset = new("large", 400_000, 50_000, Rows, new string('a', 64))
            {
                Shape = [3, 224, 224],
                Classes = [.. predictions.Labels.Select(label => new ClassCounts(label, 4000, 500, Rows / Classes))],
            },
            Runs = [Run("vanilla", figures), Run("noisy", figures)],
            Protocol = [],
            Leaks = [],
        };
        var pictures = new RunPictures(s_shape, samples)
        {
            Network = "noisy",
            Noises = [.. Enumerable.Range(0, 3).Select(index => new NoiseStrip($"noise {index}", samples))],
            Occlusions = [.. samples.Select(_ => new float[14, 14])],
            OcclusionCells = 14,
            Confusion = new ConfusionMatrix(predictions).Counts,
            Errors = [.. samples.Select(image => new ShownError("a", 0.1, "b", 0.9, image))],
        };

        var page = HtmlReport.Render(summary, [new TrainingCurve("noisy", [new(1, 1, 1, 0.5), new(2, 0.5, 0.5, 0.7)])], pictures);

        Assert.IsLessThan(MostBytes, System.Text.Encoding.UTF8.GetByteCount(page));
        StringAssert.Contains(page, "a class with a long name 99");
        StringAssert.Contains(page, "The confusion matrix of more than 20 classes fits no page.");
        StringAssert.Contains(page, "<details><summary>Figures of each class</summary>", "a long table is folded");
    }

    static RunSummary Run(string name, Classification figures) =>
        new(name, "no noise", 0.67, figures.Accuracy.Value, figures.Accuracy.Low, figures.Accuracy.High, 2, 2, 71, 4600, 203_000)
        {
            Classification = figures,
        };
}
