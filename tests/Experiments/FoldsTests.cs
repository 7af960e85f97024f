using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.Experiments;

/// <summary>k-fold from an experiment file.</summary>
[TestClass]
public sealed class FoldsTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static string[] Ids(IDataView rows) => [.. rows.GetColumn<string>("Id")];

    static ImageDataSet Fold(int number, int count) =>
        ImageFolder.Load(
            new MLContext(1),
            s_experiment.Images,
            new ImageFolderOptions
            {
                ImageSize = 8,
                Seed = 1,
                ValidationFraction = 0.25,
                Fold = new DataFold(number, count),
            }
        );

    [TestMethod]
    public void Every_image_of_a_folder_judges_once_and_none_that_judges_trains_or_validates()
    {
        var folds = Enumerable.Range(1, 5).Select(number => Fold(number, 5)).ToList();

        Assert.AreEqual(80, folds.SelectMany(fold => Ids(fold.Test)).Distinct().Count());
        foreach (var fold in folds)
        {
            Assert.HasCount(16, Ids(fold.Test));
            Assert.HasCount(8, Ids(fold.Test).Where(id => id.StartsWith("red", StringComparison.Ordinal)).ToList());
            Assert.AreEqual(80, Ids(fold.Test).Concat(Ids(fold.Train)).Concat(Ids(fold.Validation)).Distinct().Count());
            Assert.AreEqual(16, fold.ValidationCount, "a quarter of what is left");
        }
    }

    [TestMethod]
    public void Equal_files_are_in_one_fold()
    {
        using var twins = new TinyExperiment();
        for (var i = 0; i < 40; i++)
            File.Copy(Path.Combine(twins.Images, "red", $"{i:00}.png"), Path.Combine(twins.Images, "red", $"copy-{i:00}.png"));

        for (var number = 1; number <= 3; number++)
        {
            var judging = Ids(
                ImageFolder
                    .Load(new MLContext(1), twins.Images, new ImageFolderOptions { ImageSize = 8, Fold = new DataFold(number, 3) })
                    .Test
            );
            foreach (var id in judging.Where(id => id.StartsWith("red", StringComparison.Ordinal)))
                CollectionAssert.Contains(
                    judging,
                    id.Contains("copy-", StringComparison.Ordinal)
                        ? id.Replace("copy-", "", StringComparison.Ordinal)
                        : id.Replace("red/", "red/copy-", StringComparison.Ordinal)
                );
        }
    }

    [TestMethod]
    public void The_test_rows_of_a_data_set_are_not_touched()
    {
        using var data = new IdxDataSet();
        var whole = ManifestSource.Load(new MLContext(1), data.ManifestPath);
        var training = Ids(whole.Train).Concat(Ids(whole.Validation)).Order().ToArray();

        var judged = Enumerable
            .Range(1, 2)
            .SelectMany(number =>
                Ids(ManifestSource.Load(new MLContext(1), data.ManifestPath, new DataOptions { Fold = new DataFold(number, 2) }).Test)
            );

        CollectionAssert.AreEqual(training, judged.Order().ToArray());
    }

    [TestMethod]
    [DataRow("data.fold=2", "data: fold is one of several folds: set their number with 'folds'")]
    [DataRow("data={directory: x, folds: 3, fold: 4}", "data: there is no fold 4 of 3")]
    [DataRow("data.folds=1", "data.folds must be at least 2")]
    public void A_fold_that_is_not_there_is_refused(string assignment, string message) =>
        StringAssert.Contains(Refusal(assignment).Message, message);

    [TestMethod]
    public void Several_seeds_and_several_folds_are_refused_with_both_keys_and_one_fold_goes_with_several_seeds()
    {
        var refusal = Refusal("data.folds=5", "seed=[1, 2]");
        StringAssert.Contains(refusal.Message, "seed lists 2 seeds and data.folds asks for 5 runs of each");

        var several = ExperimentFile.Load(s_experiment.Declaration, ["data.folds=5", "data.fold=2", "seed=[1, 2]"]).Experiment;
        CollectionAssert.AreEqual(new[] { "seed-1", "seed-2" }, SweepPlan.Of(several).Select(trial => trial.Name).ToArray());
    }

    [TestMethod]
    public void Folds_are_runs_whose_figures_are_summed_up_and_evaluate_finds_the_rows_that_judged()
    {
        var run = TestTerminal.Run(
            "train",
            s_experiment.Declaration,
            "--output",
            s_experiment["my runs"],
            "--set",
            "data.folds=2",
            "--set",
            "evaluation.baseline=false",
            "--set",
            "evaluation.leak=",
            "--set",
            "training.epochs=2"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(File.ReadAllText(s_experiment["my runs/tiny/summary.json"]))!;
        Assert.AreEqual("folds", summary["over"]!.GetValue<string>());
        Assert.AreEqual(80, summary["replicates"]!.AsArray().Sum(fold => fold!["summary"]!["dataset"]!["test"]!.GetValue<int>()));
        var second = summary["replicates"]![1]!["summary"]!;
        Assert.EndsWith(
            "my runs/tiny/fold-2/experiment.yaml'",
            second["command"]!.GetValue<string>(),
            "a shell is to take it for one word"
        );
        foreach (
            var source in (string[][])
                [
                    [],
                    ["--data", s_experiment.Images],
                ]
        )
        {
            var evaluated = TestTerminal.Run(["evaluate", s_experiment["my runs/tiny/fold-2"], "--json", .. source]);
            Assert.AreEqual(0, evaluated.ExitCode, evaluated.Error);
            Assert.AreEqual(40, JsonNode.Parse(evaluated.Output)!["rows"]!.GetValue<int>());
            Assert.AreEqual(
                second["onnx"]!["testAccuracy"]!.GetValue<double>(),
                JsonNode.Parse(evaluated.Output)!["accuracy"]!.GetValue<double>(),
                1e-9
            );
        }
    }

    [TestMethod]
    public void A_class_with_fewer_rows_than_folds_is_named()
    {
        var run = TestTerminal.Run("train", s_experiment.Declaration, "--output", s_experiment["few"], "--set", "data.folds=60");

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "'blue' has 40 rows, too few for 60 folds");
        Assert.IsFalse(Path.Exists(s_experiment["few/tiny"]));
    }

    static DeclarationException Refusal(params string[] assignments) =>
        Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Load(s_experiment.Declaration, assignments));
}
