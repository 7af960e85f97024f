using System.Text;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Entropy.Estimators;

[TestClass]
public sealed class EstimatorsCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Planted_blobs_have_their_truth_bias_and_error_in_bits()
    {
        var run = TestTerminal.Run([
            .. (string[])["estimators", "--rows", "150", "--dimension", "5", "--repeats", "2"],
            .. (string[])["--estimator", "ksg", "--estimator", "dsmi", "--json"],
        ]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var table = JsonNode.Parse(run.Output)!;
        Assert.AreEqual("bits", table["unit"]!.GetValue<string>());
        Assert.AreEqual(Math.Log2(3), table["truth"]!.GetValue<double>(), 1e-9);
        var rows = table["estimators"]!.AsArray();
        CollectionAssert.AreEqual((string[])["dsmi", "ksg"], rows.Select(row => row!["estimator"]!.GetValue<string>()).ToArray());
        Assert.AreEqual(0, rows[1]!["bias"]!.GetValue<double>(), 0.02);
        Assert.IsLessThan(-0.3, rows[0]!["bias"]!.GetValue<double>());
    }

    [TestMethod]
    public void A_file_has_its_estimates_beside_those_of_permuted_labels()
    {
        var lines = Enumerable.Range(0, 80).Select(row => $"{row % 2 * 9 + 0.01 * row},{(row % 2 == 0 ? "left" : "right")}");
        var file = _folder.Write("rows.csv", Encoding.UTF8.GetBytes("x,side\n" + string.Join('\n', lines)));
        var run = TestTerminal.Run("estimators", "--input", file, "--label-column", "side", "--estimator", "ksg", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var table = JsonNode.Parse(run.Output)!;
        var ksg = table["estimators"]![0]!;
        Assert.IsNull(table["truth"]);
        Assert.AreEqual(1, ksg["mean"]!.GetValue<double>(), 0.05);
        Assert.AreEqual(0, ksg["nullMean"]!.GetValue<double>(), 0.2);
    }

    [TestMethod]
    public void A_reference_of_numbers_is_not_taken_for_classes()
    {
        var numbers = string.Join('\n', Enumerable.Range(0, 80).Select(row => $"{row * 37 % 80}.5"));
        var file = _folder.Write("x.csv", Encoding.UTF8.GetBytes(numbers));
        var run = TestTerminal.Run("estimators", "--input", file, "--reference", file, "--estimator", "ksg");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "80 rows of 1 and a reference of 1 (10 classes where needed)");
        StringAssert.Contains(run.Output, "permuted");
    }

    [TestMethod]
    [DataRow("--rows is about planted rows", new[] { "--input", "x.npy", "--labels", "y.csv", "--rows", "5" })]
    [DataRow("--correlation goes with --truth gaussians", new[] { "--correlation", "0.5" })]
    [DataRow("Correlation must lie between -1 and 1. It is 1.", new[] { "--truth", "gaussians", "--correlation", "1" })]
    [DataRow("--repeats must be at least 1", new[] { "--repeats", "0" })]
    [DataRow("--reference goes with --input", new[] { "--reference", "y.npy" })]
    public void What_cannot_be_compared_is_said_in_one_line(string message, string[] arguments)
    {
        var run = TestTerminal.Run(["estimators", .. arguments]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), message);
    }
}
