using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>The files of test images disappear when the first training begins: what judges later does without them.</summary>
[TestClass]
public sealed class TestRowsTests
{
    [TestMethod]
    [DataRow("noisy-vit", 2, DisplayName = "accuracy, protocol and ONNX file of classifiers")]
    [DataRow("information-vae", 2, DisplayName = "bounds of autoencoders")]
    public void Test_rows_are_read_once_for_all_that_judges(string architecture, int trainings)
    {
        using var folder = new TemporaryFolder();
        for (var number = 0; number < 24; number++)
        {
            var split = number < 12 ? "train" : "test";
            folder.Write($"images/{split}/red/{number:00}.png", TinyExperiment.Image(number, red: true));
            folder.Write($"images/{split}/blue/{number:00}.png", TinyExperiment.Image(number, red: false));
        }
        var path = folder["rows.yaml"];
        File.WriteAllText(
            path,
            $$"""
            name: rows
            data: {directory: {{folder["images"]}}, imageSize: 8, validationFraction: 0.25}
            network: {architecture: {{architecture}}}
            training: {epochs: 1, batchSize: 8, threads: 1}
            {{(
                architecture == "noisy-vit"
                    ? """
                    noise: {input: {family: gaussian, standardDeviation: 5}}
                    evaluation: {leak: {family: optimal-mixing, axis: batch}, batches: [1, 4], shuffles: 2}
                    """
                    : ""
            )}}
            """
        );

        var file = ExperimentFile.Load(path);
        using var run = RunFolder.Open(folder["runs"], file, resume: false);
        var observer = new Remover(folder["images/test"]);
        var summary = new ExperimentRunner(file, run, "train", observer).Run(CancellationToken.None);

        Assert.IsFalse(Directory.Exists(folder["images/test"]));
        Assert.HasCount(trainings, summary.Runs);
        Assert.AreEqual(24, summary.Dataset.Test);
    }

    sealed class Remover(string folder) : IRunObserver
    {
        public void Planned(IReadOnlyList<string> trainings) { }

        public void Note(string line) { }

        public void Training(string run, TrainingMetrics metrics)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
