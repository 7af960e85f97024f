using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Entropy.Analytic;

[TestClass]
public class EntropyChangeCommandTests
{
    static JsonNode Json(params string[] arguments)
    {
        var run = TestTerminal.Run(["entropy-change", .. arguments, "--json"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    [TestMethod]
    public void Circular_shift_over_sixteen_rows_has_a_paper_change_and_a_conditional_one_of_0()
    {
        var report = Json("--noise", "circular-shift", "--strength", "0.3", "--size", "16");

        var expected = -Math.Log(Math.Pow(0.7, 16) - Math.Pow(0.3, 16));
        Assert.AreEqual(expected, report["paper"]!.GetValue<double>(), 1e-9 * expected);
        Assert.AreEqual(0, report["conditional"]!.GetValue<double>());
        Assert.AreEqual(0, report["paperDataLevel"]!.GetValue<double>());
        Assert.AreEqual("circular-shift", report["noise"]!.GetValue<string>());
        Assert.AreEqual(16, report["size"]!.GetValue<int>());
        Assert.AreEqual("nats per mixed feature", report["unit"]!.GetValue<string>());
        StringAssert.Contains(report["verdict"]!.GetValue<string>(), "contracts volume, adds no label information");
    }

    [TestMethod]
    [DataRow(new[] { "--noise", "optimal-mixing", "--size", "4" }, 4.828313737302)]
    [DataRow(new[] { "--noise", "salt-and-pepper", "--probability", "0.1" }, -0.3943976914)]
    [DataRow(new[] { "--noise", "quality-matrix", "--q", "[[-0.5, 0], [0, -0.5]]" }, 1.3862943611)]
    [DataRow(new[] { "--noise", "gaussian", "--standard-deviation", "0" }, 0.0)]
    [DataRow(new[] { "--noise", "salt-and-pepper:probability=0.1" }, -0.3943976914)]
    public void Every_family_takes_its_keys_as_options(string[] arguments, double paper) =>
        Assert.AreEqual(paper, Json(arguments)["paper"]!.GetValue<double>(), 1e-9);

    [TestMethod]
    [DataRow("gaussian", "--standard-deviation", "3")]
    [DataRow("gaussian", "--standardDeviation", "3")]
    [DataRow("laplace", "--scale", "3")]
    [DataRow("uniform", "--half-width", "3")]
    public void Additive_noise_without_data_has_a_bound_and_no_figure(string family, string option, string value)
    {
        var report = Json("--noise", family, option, value);
        Assert.IsNull(report["paper"]);
        Assert.IsNull(report["conditional"]);
        Assert.AreEqual(0, report["conditionalBounds"]!["atMost"]!.GetValue<double>());
    }

    [TestMethod]
    public void Rows_of_a_file_and_their_labels_give_the_covariance()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rows.csv", System.Text.Encoding.UTF8.GetBytes(NumberFiles.Nuisance(240)));
        string[] data = ["--input", folder["rows.csv"], "--label-column", "class"];
        var report = Json(["--noise", "gaussian", "--standard-deviation", "2", .. data]);

        Assert.IsTrue(
            report["paper"]!.GetValue<double>() < report["conditional"]!.GetValue<double>() && report["conditional"]!.GetValue<double>() < 0
        );
        Assert.AreEqual(240, report["rows"]!.GetValue<int>());
        Assert.AreEqual(2, report["classes"]!.GetValue<int>());
        Assert.IsTrue(report["shrinkage"]!.GetValue<double>() is > 0 and < 1);
        Assert.AreEqual("nats per row", report["unit"]!.GetValue<string>());
        // Three channels of five tokens, (5-1) log(5+1) each.
        Assert.AreEqual(
            3 * 4 * Math.Log(6),
            Json(["--noise", "optimal-mixing", "--axis", "tokens", "--shape", "5,3", .. data])["paper"]!.GetValue<double>(),
            1e-9
        );
    }

    [TestMethod]
    public void A_covariance_of_ones_own_gives_both_figures()
    {
        using var folder = new TemporaryFolder();
        folder.Write("joint.csv", "2,0.5,0.8\n0.5,1,0.3\n0.8,0.3,1\n"u8.ToArray());
        var report = Json("--noise", "gaussian", "--standard-deviation", "1", "--covariance", folder["joint.csv"]);

        Assert.AreEqual(-0.6668253138, report["paper"]!.GetValue<double>(), 5e-11);
        Assert.AreEqual(-0.0720332804, report["conditional"]!.GetValue<double>(), 5e-11);
        Assert.AreEqual("nats", report["unit"]!.GetValue<string>());
        StringAssert.Contains(
            TestTerminal
                .Run(
                    "entropy-change",
                    "--noise",
                    "gaussian",
                    "--standard-deviation",
                    "1",
                    "--covariance",
                    folder["joint.csv"],
                    "--label-size",
                    "3"
                )
                .ErrorLines.Single(),
            "square"
        );
        folder.Write("skewed.csv", "1,0.5\n0.4,1\n"u8.ToArray());
        StringAssert.Contains(
            TestTerminal
                .Run("entropy-change", "--noise", "gaussian", "--standard-deviation", "1", "--covariance", folder["skewed.csv"])
                .ErrorLines.Single(),
            "[1, 0] is 0.4, [0, 1] is 0.5"
        );
    }

    [TestMethod]
    public void The_counterexample_beats_the_claimed_maximum_with_every_smaller_weight()
    {
        var report = Json("--counterexample", "--size", "4");
        Assert.AreEqual(4.828313737302, report["claimedMaximum"]!.GetValue<double>(), 1e-11);
        foreach (var example in report["examples"]!.AsArray())
            Assert.AreEqual(example!["ownWeight"]!.GetValue<double>() < 0.199, example["refutesTheorem"]!.GetValue<bool>());
        var one = Json("--counterexample", "--size", "4", "--own-weight", "0.01")["examples"]!.AsArray().Single()!;
        Assert.AreEqual(13.815510557964274, one["paper"]!.GetValue<double>(), 1e-9);
        StringAssert.Contains(TestTerminal.Run("entropy-change", "--counterexample", "--size", "4").Output, "13.815511");
    }

    [TestMethod]
    [DataRow(ExitCode.Misused, "name a noise", new string[0])]
    [DataRow(ExitCode.Misused, "give --size", new[] { "--noise", "circular-shift" })]
    [DataRow(ExitCode.Misused, "give --size", new[] { "--counterexample" })]
    [DataRow(
        ExitCode.Misused,
        "--strength: strength takes a number, not 'much'",
        new[] { "--noise", "circular-shift", "--strength", "much", "--size", "3" }
    )]
    [DataRow(ExitCode.Misused, "unknown key 'strength'", new[] { "--noise", "gaussian", "--strength", "3" })]
    [DataRow(ExitCode.Misused, "standardDeviation is missing", new[] { "--noise", "gaussian" })]
    [DataRow(ExitCode.Misused, "name its family", new[] { "--strength", "0.3" })]
    [DataRow(ExitCode.Misused, "gausian", new[] { "--noise", "gausian" })]
    [DataRow(ExitCode.Misused, "not both", new[] { "--noise", "gaussian:standardDeviation=1", "--mean", "3" })]
    [DataRow(ExitCode.Failed, "is singular", new[] { "--noise", "circular-shift", "--strength", "0.5", "--size", "16" })]
    [DataRow(ExitCode.Misused, "leave out --size", new[] { "--noise", "circular-shift", "--size", "16", "--data", "fashion-mnist" })]
    public void What_makes_no_sense_is_told_in_one_line(int exitCode, string words, string[] arguments)
    {
        var run = TestTerminal.Run(["entropy-change", .. arguments]);
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        StringAssert.Contains(run.ErrorLines.Single(), words);
        Assert.AreEqual("", run.Output);
    }
}
