using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.Onnx.Scoring;

namespace NoisyNN.Tests.Native;

/// <summary>ONNX Runtime 1.31 collects telemetry on Linux unless it is told not to before its first use.</summary>
[TestClass]
public sealed class TelemetryTests
{
    const string Folder = ".cache/Microsoft/DeveloperTools/.onnxruntime";

    // The names that its library holds.
    static readonly string[] s_buildServers =
    [
        "CI",
        "APPVEYOR",
        "BUILDKITE",
        "CIRCLECI",
        "CODEBUILD_BUILD_ID",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "JENKINS_URL",
        "TEAMCITY_VERSION",
        "TF_BUILD",
        "TRAVIS",
    ];

    [TestMethod]
    public void Scoring_writes_nothing_below_the_home_folder()
    {
        using var home = new TemporaryFolder();
        Score(home, telemetry: null);
        Assert.AreEqual("", string.Join(", ", Directory.GetFileSystemEntries(home.Path, "*", SearchOption.AllDirectories)));
    }

    [TestMethod]
    public void Whoever_asks_for_telemetry_gets_it()
    {
        using var home = new TemporaryFolder();
        Score(home, telemetry: "0");
        Assert.IsTrue(File.Exists(home[$"{Folder}/deviceid"]), "if ONNX Runtime no longer writes here, the test above shows nothing");
    }

    static void Score(TemporaryFolder home, string? telemetry)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Elsewhere ONNX Runtime's telemetry is the system's.");
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = home.Path,
            ["XDG_CACHE_HOME"] = null,
            ["ORT_DISABLE_TELEMETRY"] = telemetry,
        };
        // On a build server ONNX Runtime is silent by itself, and the tests would show nothing.
        foreach (var variable in s_buildServers)
            environment[variable] = null;
        var (code, output, error) = ChildProcess.Run(ScoreOneRow, environment);
        Assert.AreEqual(0, code, error);
        Assert.AreEqual("9", output.Trim());
    }

    static void ScoreOneRow()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable([new Row()]);
        var model = ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]);
        var scored = ml.Scoring.OnnxBatch("Score", "Pixels", model).Fit(rows).Transform(rows);
        Console.WriteLine(scored.GetColumn<float[]>("Score").Single().Sum());
    }

    sealed class Row
    {
        [VectorType(3)]
        public float[] Pixels { get; set; } = [0, 1, 2];
    }
}
