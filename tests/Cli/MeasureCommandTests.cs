using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Data;
using NoisyNN.Tests.Entropy;

namespace NoisyNN.Tests.Cli;

[TestClass]
public sealed class MeasureCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("x.npy")]
    [DataRow("x.csv")]
    public void Measure_prints_the_reference_s_figures_as_JSON(string input)
    {
        var run = TestTerminal.Run("measure", "--input", Matrix(input), "--labels", Labels(), "--sigma", "1", "--power", "1", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var report = JsonNode.Parse(run.Output)!;
        Assert.AreEqual(1.6714271616, report["dse"]!.GetValue<double>(), 5.1e-11);
        Assert.AreEqual(-0.0195495402, report["dsmi"]!.GetValue<double>(), 5.1e-11);
        Assert.AreEqual("bits", report["unit"]!.GetValue<string>());
        Assert.AreEqual("given", report["rule"]!.GetValue<string>());
        Assert.AreEqual(
            (1.0, 1.0, 12, 4),
            (
                report["sigma"]!.GetValue<double>(),
                report["power"]!.GetValue<double>(),
                report["rows"]!.GetValue<int>(),
                report["dimension"]!.GetValue<int>()
            )
        );
    }

    [TestMethod]
    public void Measure_prints_what_decides_its_figures()
    {
        var run = TestTerminal.Run(
            "measure",
            "--input",
            Matrix("x.npy"),
            "--labels",
            Labels(),
            "--mode",
            "matrix-entry",
            "--sigma",
            "1",
            "--interval",
            "--subsamples",
            "20"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "DSE 7.1343672912 bits; 95 % interval");
        StringAssert.Contains(run.Output, "DSMI -0.0040051479 bits");
        StringAssert.Contains(
            run.Output,
            "12 rows of 4; matrix-entry, power 1, repetitions 5; sigma 1 (given); scaling none; seed 0; double precision"
        );
    }

    [TestMethod]
    public void Neighbours_and_bins_are_printed_where_they_decide()
    {
        StringAssert.Contains(
            TestTerminal.Run("measure", "--input", Matrix("x.npy"), "--bandwidth", "adaptive", "--neighbors", "3").Output,
            "spectral, power 1, neighbors 3; sigma"
        );
        StringAssert.Contains(
            TestTerminal.Run("measure", "--input", Matrix("x.npy"), "--mode", "classic-shannon").Output,
            "classic-shannon, power 1, bins 2; no bandwidth"
        );
        var report = JsonNode.Parse(
            TestTerminal.Run("measure", "--input", Matrix("x.npy"), "--mode", "neighbor-adjacency", "--neighbors", "4", "--json").Output
        )!;
        Assert.AreEqual(4, report["neighbors"]!.GetValue<int>());
        Assert.IsNull(report["bins"]);
    }

    [TestMethod]
    public void One_row_has_an_entropy_of_0_without_a_sign()
    {
        var run = TestTerminal.Run("measure", "--input", _folder.Write("one.csv", "1,2,3\n"u8.ToArray()), "--sigma", "1");
        StringAssert.StartsWith(run.Output, "DSE 0.0000000000 bits");
    }

    [TestMethod]
    [DataRow(ExitCode.Misused, "say what to measure", new string[0])]
    [DataRow(ExitCode.Misused, "give one of them", new[] { "--input", "x.npy", "--sigma", "1", "--bandwidth", "adaptive" })]
    [DataRow(ExitCode.Misused, "The bandwidth must be a positive number. It is -1.", new[] { "--input", "x.npy", "--sigma", "-1" })]
    [DataRow(ExitCode.Misused, "Power must be a positive number, such as 1. It is 0.", new[] { "--input", "x.npy", "--power", "0" })]
    [DataRow(ExitCode.Misused, "give one of them", new[] { "--input", "x.npy", "--data", "fashion-mnist" })]
    [DataRow(ExitCode.Failed, "there is no file nowhere.npy", new[] { "--input", "nowhere.npy" })]
    [DataRow(
        ExitCode.Misused,
        "Cannot parse argument 'abc' for option '--sigma' as a number.",
        new[] { "--input", "x.npy", "--sigma", "abc" }
    )]
    [DataRow(
        ExitCode.Misused,
        "Cannot parse argument '1.5' for option '--bins' as a whole number.",
        new[] { "--input", "x.npy", "--bins", "1.5" }
    )]
    [DataRow(ExitCode.Misused, "'other'", new[] { "--input", "x.npy", "--mode", "other" })]
    public void What_cannot_be_measured_is_said_in_one_line(int exitCode, string message, string[] arguments)
    {
        var run = TestTerminal.Run(["measure", .. arguments]);

        Assert.AreEqual(exitCode, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), message);
        Assert.AreEqual("", run.Output);
    }

    string Labels() => _folder.Write("y.csv", Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 12).Select(i => "abc"[i % 3]))));

    string Matrix(string name)
    {
        var values = Enumerable.Range(0, 12).SelectMany(i => Reference.M[i].ToArray()).ToArray();
        return _folder.Write(
            name,
            name.EndsWith(".npy", StringComparison.Ordinal)
                ? NpyFileTests.Npy("<f8", "(12, 4)", MemoryMarshal.AsBytes(values.AsSpan()).ToArray())
                : Encoding.UTF8.GetBytes(
                    string.Join(
                        '\n',
                        values.Chunk(4).Select(row => string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture))))
                    )
                )
        );
    }
}
