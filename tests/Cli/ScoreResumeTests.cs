using System.Diagnostics;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.Cli;

/// <summary>Scoring may end at any moment; the same command goes on and the finished table is that of an uninterrupted run.</summary>
[TestClass]
public sealed class ScoreResumeTests
{
    static TemporaryFolder s_folder = null!;
    static string s_model = "",
        s_images = "";

    [ClassInitialize]
    public static void Create(TestContext context)
    {
        s_folder = new TemporaryFolder();
        s_model = s_folder["model.onnx"];
        using (var network = RandomNetwork.Create(RandomNetwork.Grey))
            OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, s_model);
        for (var image = 0; image < 40; image++)
            s_folder.Write($"images/{image:00}.png", image == 17 ? [1, 2, 3] : ImageFiles.Png(image));
        s_images = s_folder["images"];
    }

    [ClassCleanup]
    public static void Delete() => s_folder.Dispose();

    [TestMethod]
    public void Interrupted_table_goes_on_and_ends_as_if_nothing_had_happened()
    {
        var (whole, cut) = (s_folder["whole.csv"], s_folder["cut.csv"]);
        Assert.AreEqual(ExitCode.Incomplete, Score(whole).ExitCode);

        var interrupted = TestTerminal.InterruptAt("images/s", "score", s_model, s_images, "--output", cut, "--batch-size", "4");
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        Assert.IsFalse(File.Exists(cut));
        // What a power cut may leave behind the last word about progress.
        File.AppendAllText(ResumableFile.PartialOf(cut), "half a li");
        var resumed = Score(cut);

        Assert.AreEqual(ExitCode.Incomplete, resumed.ExitCode, resumed.Error);
        StringAssert.Contains(resumed.Error, "continuing after 4 rows");
        StringAssert.Contains(resumed.Error, "17.png");
        Assert.AreEqual(40, File.ReadAllLines(cut).Length);
        CollectionAssert.AreEqual(File.ReadAllBytes(whole), File.ReadAllBytes(cut));
        Assert.IsFalse(File.Exists(ResumableFile.PartialOf(cut)) || File.Exists(ResumableFile.ProgressOf(cut)));
    }

    [TestMethod]
    public void Killed_process_leaves_what_another_one_finishes()
    {
        var (whole, cut) = (s_folder["unkilled.csv"], s_folder["killed.csv"]);
        string[] request = [s_model, .. Enumerable.Repeat(s_images, 100)];
        Assert.AreEqual(ExitCode.Incomplete, TestTerminal.Run(["score", .. request, "--output", whole, "--batch-size", "4"]).ExitCode);

        using (
            var process = Process.Start(
                new ProcessStartInfo(
                    "dotnet",
                    [
                        Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll"),
                        "score",
                        .. request,
                        "--output",
                        cut,
                        "--batch-size",
                        "4",
                    ]
                )
                {
                    RedirectStandardError = true,
                }
            )!
        )
        {
            while (!File.Exists(ResumableFile.ProgressOf(cut)) && !process.HasExited)
                Thread.Sleep(1);
            process.Kill();
            process.WaitForExit();
        }
        Assert.IsTrue(File.Exists(ResumableFile.ProgressOf(cut)), "the process ended before it could be killed");
        var resumed = TestTerminal.Run(["score", .. request, "--output", cut, "--batch-size", "4"]);

        Assert.AreEqual(ExitCode.Incomplete, resumed.ExitCode, resumed.Error);
        StringAssert.Contains(resumed.Error, "continuing after");
        CollectionAssert.AreEqual(File.ReadAllBytes(whole), File.ReadAllBytes(cut));
    }

    [TestMethod]
    public void Another_request_does_not_go_on_with_what_is_there_and_neither_does_restart()
    {
        var path = s_folder["other.csv"];
        Interrupt();
        Assert.IsFalse(
            TestTerminal
                .Run("score", s_model, Path.Combine(s_images, "03.png"), "--output", path, "--batch-size", "4")
                .Error.Contains("continuing", StringComparison.Ordinal)
        );
        Assert.AreEqual(2, File.ReadAllLines(path).Length);

        File.Delete(path);
        Interrupt();
        Assert.IsFalse(Score(path, "--restart").Error.Contains("continuing", StringComparison.Ordinal));
        Assert.AreEqual(40, File.ReadAllLines(path).Length);

        void Interrupt() =>
            Assert.AreEqual(
                ExitCode.Interrupted,
                TestTerminal.InterruptAt("images/s", "score", s_model, s_images, "--output", path, "--batch-size", "4").ExitCode
            );
    }

    [TestMethod]
    public void Table_with_tabs_has_no_quotes()
    {
        var path = s_folder["table.tsv"];
        Assert.AreEqual(0, Score(path, "--skip-unreadable").ExitCode);

        var lines = File.ReadAllLines(path);
        Assert.AreEqual("image\tpredicted\tprobability\tclass 0", string.Join('\t', lines[0].Split('\t').Take(4)));
        Assert.IsTrue(lines.All(line => line.Split('\t').Length == 13));
    }

    static TestTerminal Score(string path, params string[] options) =>
        TestTerminal.Run(["score", s_model, s_images, "--output", path, "--batch-size", "4", .. options]);
}
