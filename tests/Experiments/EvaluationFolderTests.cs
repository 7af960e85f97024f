using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>What <c>evaluate --output</c> leaves behind.</summary>
[TestClass]
public sealed class EvaluationFolderTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassInitialize]
    public static void Train(TestContext context) =>
        Assert.AreEqual(
            0,
            TestTerminal
                .Run("train", s_experiment.Declaration, "--output", s_experiment.Runs, "--set", "evaluation={baseline: false}")
                .ExitCode
        );

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static string Run => s_experiment["runs/tiny"];

    [TestMethod]
    public void The_files_tell_the_same_figures_as_the_summary_of_the_run()
    {
        var run = TestTerminal.Run("evaluate", Run, "--output", s_experiment["evaluation"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var json = JsonNode.Parse(File.ReadAllText(s_experiment["evaluation/evaluation.json"]))!;
        var judged = JsonNode.Parse(File.ReadAllText(s_experiment["runs/tiny/summary.json"]))!["runs"]![0]!;
        Assert.AreEqual(judged["testAccuracy"]!.GetValue<double>(), json["accuracy"]!.GetValue<double>(), 1e-9);
        Assert.AreEqual(
            judged["classification"]!["calibration"]!["expectedError"]!.GetValue<double>(),
            json["figures"]!["calibration"]!["expectedError"]!.GetValue<double>(),
            1e-4
        );

        string[] predictions = File.ReadAllLines(s_experiment["evaluation/predictions.csv"]);
        var rows = json["rows"]!.GetValue<int>();
        Assert.HasCount(rows + 1, predictions);
        var right = predictions.Skip(1).Select(line => line.Split(',')).Count(fields => fields[1] == fields[2]);
        Assert.AreEqual(json["accuracy"]!.GetValue<double>(), (double)right / rows, 1e-9);

        string[] classes = File.ReadAllLines(s_experiment["evaluation/classes.csv"]);
        Assert.AreEqual(
            "class,rows,predicted,recall,recall_low,recall_high,precision,precision_low,precision_high,f1,f1_low,f1_high",
            classes[0]
        );
        Assert.HasCount(3, classes);
        Assert.AreEqual("class,blue,red", File.ReadAllLines(s_experiment["evaluation/confusion.csv"])[0]);
        var page = File.ReadAllText(s_experiment["evaluation/report.html"]);
        Assert.Contains("Can its probabilities be trusted?", page);
        Assert.Contains("Where the network looks", page);
        Assert.Contains("attention rollout", page, "the run has the network beside the file");
    }

    [TestMethod]
    public void An_earlier_evaluation_is_replaced_and_anything_else_is_not()
    {
        var folder = s_experiment["other"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thesis.tex"), "years of work");

        var refused = TestTerminal.Run("evaluate", Run, "--output", folder);
        Assert.AreEqual(ExitCode.Misused, refused.ExitCode, refused.Error);
        Assert.HasCount(1, Directory.GetFiles(folder));

        Assert.AreEqual(0, TestTerminal.Run("evaluate", Run, "--output", s_experiment["twice"]).ExitCode);
        Assert.AreEqual(0, TestTerminal.Run("evaluate", Run, "--output", s_experiment["twice"]).ExitCode);
    }

    [TestMethod]
    public void The_report_of_a_run_shows_classes_data_errors_and_where_the_network_looks()
    {
        var page = File.ReadAllText(s_experiment["runs/tiny/report.html"]);

        foreach (
            var section in (string[])["The data", "Classes and errors", "Can its probabilities be trusted?", "Where the network looks"]
        )
            Assert.Contains($"<h2>{section}</h2>", page);
        Assert.Contains("<h2>What the noise does to the features</h2>", page, "its noise is inside the network");
        Assert.Contains("""<svg class="tensors" """, page, "what the ONNX file takes and returns");
        Assert.Contains("Pixels float [N, 3, 8, 8] to Score float [N, 2], Logits float [N, 2]", page);
        Assert.Contains("attention rollout, weighted by gradients", page);
        Assert.Contains("name: tiny", page, "the settings");
        Assert.DoesNotContain("What the noise looks like", page, "this experiment's noise is inside the network");
    }

    [TestMethod]
    public void Noise_on_pixels_is_shown_beside_the_clean_images()
    {
        var run = TestTerminal.Run(
            "train",
            s_experiment.Declaration,
            "--output",
            s_experiment.Runs,
            "--set",
            "name=pixels",
            "--set",
            "noise={input: {family: gaussian, standardDeviation: 30}}",
            "--set",
            "evaluation={baseline: false}",
            "--set",
            "training.epochs=1"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var page = File.ReadAllText(s_experiment["runs/pixels/report.html"]);
        Assert.Contains("<h2>What the noise looks like</h2>", page);
        Assert.Contains("gaussian (standard deviation 30", page);
    }
}
