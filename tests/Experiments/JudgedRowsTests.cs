using System.Text.Json.Nodes;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Data;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Experiments;

/// <summary>
/// Which rows <c>evaluate</c> and <c>score</c> take: never training rows under the name of test rows. 80 images, of which a training keeps
/// 16 for testing.
/// </summary>
[TestClass]
public sealed class JudgedRowsTests
{
    static readonly TinyExperiment s_experiment = new();

    static string Run => s_experiment["runs/tiny"];

    static string Model => s_experiment["runs/tiny/model.onnx"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        var run = TestTerminal.Run(
            "train",
            s_experiment.Declaration,
            "--output",
            s_experiment.Runs,
            "--set",
            "seed=5",
            "--set",
            "training.epochs=1",
            "--set",
            "evaluation={baseline: false}"
        );
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    [TestMethod]
    public void A_run_folder_knows_its_seed_also_when_the_data_are_named()
    {
        var ofRun = Evaluate(Run);
        var named = Evaluate(Run, "--data", s_experiment.Images);

        Assert.AreEqual(("test", 16L), Rows(ofRun));
        Assert.AreEqual(ofRun.ToJsonString(), named.ToJsonString());
        CollectionAssert.AreEqual(
            Scored(Run, "--data", s_experiment.Images),
            Scored(Model, "--data", s_experiment.Images, "--seed", "5"),
            "the same rows as with the training's seed"
        );
        CollectionAssert.AreNotEqual(
            Scored(Run, "--data", s_experiment.Images),
            Scored(Model, "--data", s_experiment.Images, "--seed", "1")
        );
    }

    [TestMethod]
    public void A_bare_file_knows_no_split_so_that_all_rows_are_scored_and_called_so()
    {
        Assert.AreEqual(("all", 80L), Rows(Evaluate(Model, "--data", s_experiment.Images)));
        Assert.AreEqual(("test", 16L), Rows(Evaluate(Model, "--data", s_experiment.Images, "--seed", "5")));
        Assert.HasCount(80, Scored(Model, "--data", s_experiment.Images));
        AssertMisused("--split all", "evaluate", Model, "--data", s_experiment.Images, "--split", "test");
    }

    [TestMethod]
    public void Other_images_than_those_of_the_run_are_all_scored()
    {
        var other = Copy("other");
        File.Delete(Path.Combine(other, "red", "00.png"));

        Assert.AreEqual(("all", 79L), Rows(Evaluate(Run, "--data", other)));
    }

    [TestMethod]
    public void A_folder_with_a_test_split_of_its_own_is_judged_on_that()
    {
        foreach (var split in (string[])["train", "test"])
        foreach (var (colour, number) in new[] { ("red", 1), ("blue", 2) })
        {
            Directory.CreateDirectory(s_experiment[$"given/{split}/{colour}"]);
            File.WriteAllBytes(
                s_experiment[$"given/{split}/{colour}/a.png"],
                TinyExperiment.Image(number + split.Length, red: colour == "red")
            );
        }

        Assert.AreEqual(("test", 2L), Rows(Evaluate(Model, "--data", s_experiment["given"])));
        AssertMisused("its own test rows", "evaluate", Model, "--data", s_experiment["given"], "--split", "all");
    }

    [TestMethod]
    public void Images_that_changed_since_the_training_are_not_split_as_if_they_had_not()
    {
        var images = Copy("changed");
        var run = s_experiment["runs/moved"];
        Directory.CreateDirectory(run);
        foreach (var file in (string[])["model.onnx", "summary.json"])
            File.Copy(Path.Combine(Run, file), Path.Combine(run, file));
        File.WriteAllText(
            Path.Combine(run, "experiment.yaml"),
            File.ReadAllText(Path.Combine(Run, "experiment.yaml")).Replace(s_experiment.Images, images, StringComparison.Ordinal)
        );
        Assert.AreEqual(("test", 16L), Rows(Evaluate(run)), "the same images in another place");

        File.Delete(Path.Combine(images, "red", "00.png"));

        var refused = TestTerminal.Run("evaluate", run);
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), "have changed since the training");
    }

    [TestMethod]
    public void A_data_set_with_folds_that_changed_since_the_training_is_named_too()
    {
        using var manifest = new IdxDataSet();
        var run = s_experiment["runs/folds"];
        Directory.CreateDirectory(run);
        File.WriteAllText(
            Path.Combine(run, "experiment.yaml"),
            $"name: folds\ndata:\n  manifest: {manifest.ManifestPath}\n  folds: 2\n  fold: 1\n"
        );
        File.WriteAllText(Path.Combine(run, "summary.json"), """{ "dataset": { "sha256": "another" } }""");

        var refused = Assert.ThrowsExactly<InvalidDataException>(() =>
            DataSource.Load(
                new MLContext(1),
                new DataRequest(run, null, null, null, SkipUnreadable: false),
                new ImageShape(1, IdxDataSet.Height, IdxDataSet.Width),
                CancellationToken.None
            )
        );

        StringAssert.StartsWith(refused.Message, $"the images of {manifest.ManifestPath} have changed since the training");
        StringAssert.Contains(refused.Message, "--data");
    }

    [TestMethod]
    public void No_option_is_ignored_in_silence()
    {
        using var manifest = new IdxDataSet();
        AssertMisused("leave out --seed", "evaluate", Run, "--seed", "5");
        AssertMisused("go with --data", "score", Run, s_experiment.Images, "--seed", "5");
        AssertMisused("--skip-unreadable is for folders", "evaluate", Model, "--data", manifest.ManifestPath, "--skip-unreadable");
        AssertMisused("is not the folder of a run", "evaluate", Model);

        var broken = Copy("broken");
        File.WriteAllBytes(Path.Combine(broken, "red", "00.png"), [1, 2, 3]);
        var evaluation = Evaluate(Model, "--data", broken, "--skip-unreadable");
        Assert.AreEqual(("all", 79L), Rows(evaluation));
        Assert.AreEqual(1, evaluation["skipped"]!.GetValue<int>());
    }

    static JsonNode Evaluate(params string[] arguments)
    {
        var run = TestTerminal.Run(["evaluate", .. arguments, "--json"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    static (string Split, long Count) Rows(JsonNode evaluation) =>
        (evaluation["split"]!.GetValue<string>(), evaluation["rows"]!.GetValue<long>());

    static string[] Scored(params string[] arguments)
    {
        var path = s_experiment["scored.csv"];
        var run = TestTerminal.Run(["score", .. arguments, "--output", path]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')[0])];
    }

    static void AssertMisused(string words, params string[] arguments)
    {
        var run = TestTerminal.Run(arguments);
        Assert.AreEqual(ExitCode.Misused, run.ExitCode, run.Error);
        StringAssert.Contains(run.ErrorLines.Single(), words);
    }

    static string Copy(string name)
    {
        foreach (var file in Directory.EnumerateFiles(s_experiment.Images, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(s_experiment[name], Path.GetRelativePath(s_experiment.Images, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        return s_experiment[name];
    }
}
