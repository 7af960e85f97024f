using System.Text.Json.Nodes;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.Entropy.Advice;

[TestClass]
public class ScreenCommandTests
{
    [TestMethod]
    public void Noises_on_the_pixels_of_a_folder_are_ranked_as_JSON_and_as_a_table()
    {
        using var images = new TinyExperiment();
        string[] arguments =
        [
            "screen",
            "--data",
            images.Images,
            "--noise",
            "gaussian:standardDeviation=400",
            "--noise",
            "gaussian:standardDeviation=1",
            "--blocks",
            "5",
        ];
        var run = TestTerminal.Run([.. arguments, "--json"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var report = JsonNode.Parse(run.Output)!;
        var ranking = report["ranking"]!.AsArray();
        Assert.AreEqual("gaussian (standard deviation 1, mean 0)", ranking[0]!["description"]!.GetValue<string>());
        Assert.AreEqual("lowers", ranking[1]!["effect"]!.GetValue<string>());
        Assert.AreEqual("harmful", ranking[1]!["paper"]!.GetValue<string>());
        Assert.AreEqual("bits", report["unit"]!.GetValue<string>());
        Assert.AreEqual("Pixels", report["noiseOn"]!.GetValue<string>());
        // Of 40 images a class, 20 % are test rows and 10 % of the others validation rows, which the advice never sees.
        Assert.AreEqual(58, report["totalRows"]!.GetValue<int>());
        Assert.IsNull(report["leading"]);

        var table = TestTerminal.Run(arguments).Output;
        StringAssert.Contains(table, "gaussian (standard deviation 400, mean 0)");
        StringAssert.Contains(table, "No noise raises DSMI");
    }

    [TestMethod]
    public void With_a_network_noise_is_put_on_its_embedding_or_on_the_pixels_before_it()
    {
        using var images = new TinyExperiment();
        using var network = RandomNetwork.Create(RandomNetwork.Colour with { ImageSize = 8, PatchSize = 4, ClassCount = 2 });
        OnnxExporter.Export(network, new() { Labels = ["blue", "red"] }, images["model.onnx"]);
        JsonNode Advise(params string[] arguments)
        {
            var run = TestTerminal.Run([
                "screen",
                "--network",
                images["model.onnx"],
                "--data",
                images.Images,
                "--noise",
                "gaussian:standardDeviation=100",
                "--blocks",
                "5",
                "--json",
                .. arguments,
            ]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            return JsonNode.Parse(run.Output)!;
        }

        var (latent, input) = (Advise(), Advise("--on", "pixels"));
        Assert.AreEqual(("Embedding", "Embedding"), (latent["noiseOn"]!.GetValue<string>(), latent["measuredOn"]!.GetValue<string>()));
        Assert.AreEqual(("Pixels", "Embedding"), (input["noiseOn"]!.GetValue<string>(), input["measuredOn"]!.GetValue<string>()));
        // The same clean embedding; a deviation of 100 is far more to it than to pixels of 0 to 255.
        Assert.AreEqual(latent["dsmi"]!.GetValue<double>(), input["dsmi"]!.GetValue<double>(), 1e-4);
        Assert.IsTrue(latent["ranking"]![0]!["change"]!.GetValue<double>() < input["ranking"]![0]!["change"]!.GetValue<double>());
        StringAssert.Contains(
            TestTerminal
                .Run("screen", "--network", images["model.onnx"], "--data", images.Images, "--embedding", "Nothing")
                .ErrorLines.Single(),
            "ClassToken"
        );
    }

    [TestMethod]
    public void A_network_without_class_token_or_labels_has_an_embedding_all_the_same()
    {
        using var images = new TinyExperiment();
        var export = TestTerminal.Run(
            "export",
            "--network",
            "noisy-resnet-18-micro-32",
            "--random-weights",
            "--output",
            images["model.onnx"]
        );
        Assert.AreEqual(0, export.ExitCode, export.Error);
        string[] source = ["--network", images["model.onnx"], "--data", images.Images, "--json"];

        var advice = TestTerminal.Run(["screen", .. source, "--noise", "gaussian:standardDeviation=1", "--blocks", "5"]);
        Assert.AreEqual(0, advice.ExitCode, advice.Error);
        Assert.AreEqual("Embedding", JsonNode.Parse(advice.Output)!["measuredOn"]!.GetValue<string>());
        var measured = TestTerminal.Run(["measure", .. source]);
        Assert.AreEqual(0, measured.ExitCode, measured.Error);
        Assert.IsTrue(JsonNode.Parse(measured.Output)!["dsmi"]!.GetValue<double>() > 0);
        StringAssert.Contains(
            TestTerminal.Run("evaluate", images["model.onnx"], "--data", images.Images).ErrorLines.Single(),
            "carries no labels"
        );
    }

    [TestMethod]
    public void Rows_of_a_file_can_have_a_shape_whose_axes_are_mixed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rows.csv", System.Text.Encoding.UTF8.GetBytes(NumberFiles.Nuisance(240)));
        string[] arguments =
        [
            "screen",
            "--input",
            folder["rows.csv"],
            "--label-column",
            "class",
            "--blocks",
            "10",
            "--noise",
            "optimal-mixing:axis=tokens",
            "--noise",
            "gaussian:standardDeviation=30",
        ];
        var run = TestTerminal.Run([.. arguments, "--shape", "5,3", "--json"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var report = JsonNode.Parse(run.Output)!;
        Assert.AreEqual("optimal-mixing (axis tokens)", report["leading"]!.GetValue<string>());
        Assert.AreEqual("rows.csv", report["data"]!.GetValue<string>());
        Assert.AreEqual(240, report["totalRows"]!.GetValue<int>());

        StringAssert.Contains(TestTerminal.Run(arguments).ErrorLines.Single(), "mixes the axis Tokens");
        StringAssert.Contains(
            TestTerminal.Run([.. arguments, "--shape", "4,3"]).ErrorLines.Single(),
            "--shape 4,3 does not fit rows of 15 numbers"
        );
    }

    [TestMethod]
    [DataRow("name rows: labelled images (--data), a run (--network)", new string[0])]
    [DataRow("--shape goes with --input", new[] { "--data", "x", "--shape", "2,2" })]
    [DataRow("--input needs labels", new[] { "--input", "x.csv" })]
    [DataRow("give one of them", new[] { "--input", "x.csv", "--labels", "y.csv", "--data", "x" })]
    [DataRow("'strength' sets no value", new[] { "--data", "x", "--noise", "circular-shift:strength" })]
    [DataRow("did you mean 'gaussian'", new[] { "--data", "x", "--noise", "gausian:standardDeviation=3" })]
    [DataRow("standardDeviation takes a number", new[] { "--data", "x", "--noise", "gaussian:standardDeviation=big" })]
    public void What_makes_no_sense_is_told_in_one_line(string words, string[] arguments)
    {
        var run = TestTerminal.Run(["screen", .. arguments]);
        Assert.AreEqual(ExitCode.Misused, run.ExitCode, run.Error);
        StringAssert.Contains(run.ErrorLines.Single(), words);
    }
}
