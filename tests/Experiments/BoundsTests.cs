using System.Text.Json;
using NoisyNN.Pipelines.Commands;
using NoisyNN.Pipelines.Declarations;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Tests.Commands;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class BoundsTests
{
    [TestMethod]
    public void Both_bounds_are_printed_side_by_side_and_as_json()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var run = TestTerminal.Run("bounds", file, "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var rows = JsonDocument.Parse(run.Output).RootElement;
        CollectionAssert.AreEqual(new[] { "Gaussian", "InformationDropout" }, rows.EnumerateArray().Select(row => row.GetProperty("posterior").GetString()).ToArray());
        foreach (var row in rows.EnumerateArray())
        {
            var (bound, likelihood, divergence) = (Value("trainingBound"), Value("logLikelihood"), Value("divergence"));
            Assert.AreEqual(likelihood - divergence, bound, 1e-6);
            Assert.IsLessThan(0, Value("testBound"));
            // More draws, a tighter bound; the tolerance is the test's few rows.
            Assert.IsGreaterThan(Value("testBound") - 5, Value("testImportanceBound"));

            double Value(string name) => row.GetProperty(name).GetDouble();
        }

        var table = TestTerminal.Run("bounds", file, "--set", "draws=0");
        StringAssert.Contains(table.Output, "InformationDropout", StringComparison.Ordinal);
        StringAssert.Contains(table.Output, "none", StringComparison.Ordinal);
    }

    [TestMethod]
    public void An_unknown_key_names_its_line_and_the_nearest_valid_one()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder, "latentDimensions: 3");
        var refused = Assert.ThrowsExactly<DeclarationException>(() => BoundsExperiment.Load(file));
        StringAssert.Contains(refused.Message, "latentDimension", StringComparison.Ordinal);
    }

    private static string Declare(TemporaryFolder folder, string network = "latentDimension: 3")
    {
        foreach (var (name, red) in new[] { ("red", true), ("blue", false) })
            for (var number = 0; number < 20; number++)
                folder.Write($"images/{name}/{number:00}.png", TinyExperiment.Image(number, red));
        var path = folder["bounds.yaml"];
        File.WriteAllText(path, $"""
            name: trial
            data:
              directory: {folder["images"]}
              imageSize: 8
              channels: 1
            network:
              {network}
              hiddenDimension: 12
            training:
              epochs: 2
              batchSize: 8
              threads: 1
            draws: 5
            """);
        return path;
    }
}
