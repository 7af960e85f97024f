using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Experiments.Pictures;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Pictures;

/// <summary>The heat maps of Information Dropout in the report of an experiment.</summary>
[TestClass]
public sealed partial class InformationMappingTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static string Report(string name, string network)
    {
        var run = TestTerminal.Run(
            "train",
            s_experiment.Declaration,
            "--output",
            s_experiment.Runs,
            "--set",
            $"name={name}",
            "--set",
            $"network={network}",
            "--set",
            "noise=",
            "--set",
            "evaluation.leak=",
            "--set",
            "training.epochs=1"
        );
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return File.ReadAllText(s_experiment[$"runs/{name}/report.html"]);
    }

    [TestMethod]
    public void The_report_shows_images_beside_a_map_for_each_block_and_loads_nothing()
    {
        var page = Report("maps", "{architecture: all-cnn, widths: [8, 8]}");

        Assert.Contains("Where the information comes from", page);
        Assert.Contains("4 × 4 places", page);
        Assert.Contains("2 × 2 places", page);
        var maps = Source().Matches(page[page.IndexOf("Where the information comes from", StringComparison.Ordinal)..]);
        Assert.HasCount(3 * SampleImages.MostImages + 2, maps, "images, two blocks' maps and scales");
        var pictures = Source().Matches(page);
        Assert.IsTrue(pictures.All(picture => picture.Groups[1].Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal)));
        Assert.IsLessThan(150_000, page.Length);
    }

    [TestMethod]
    public void Noise_that_does_not_depend_on_the_image_has_no_map()
    {
        Assert.DoesNotContain(
            "Where the information comes from",
            Report("binary", "{architecture: all-cnn, widths: [8, 8], dropoutKind: binary}")
        );
        Assert.DoesNotContain(
            "Where the information comes from",
            Report("variational", "{architecture: all-cnn, widths: [8, 8], dropoutKind: variational}")
        );
    }

    [TestMethod]
    public void Images_are_the_first_of_each_class_and_not_chosen()
    {
        CollectionAssert.AreEqual(
            new[] { 2, 4, 5, 6, 0, 1, 3, 7 },
            SampleImages.FirstOfEachClass([1, 1, 0, 1, 0, 0, 0, 1, 0, 1]),
            "two classes, four of each"
        );
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 8).Reverse().ToArray(),
            SampleImages.FirstOfEachClass([.. Enumerable.Range(0, 8).Reverse(), 8, 9]),
            "the first eight of ten"
        );
        CollectionAssert.AreEqual(new[] { 1, 0 }, SampleImages.FirstOfEachClass([1, 0]), "fewer than asked for");
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Source();
}
