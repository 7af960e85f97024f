using System.Text.Json.Nodes;
using NoisyNN.Models.Architectures;
using NoisyNN.Pipelines.Commands;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.Commands;

[TestClass]
public sealed class NetworksCommandTests
{
    [TestMethod]
    [DataRow("noisy-vit-tiny-16-224", 5_717_416, 224)]
    [DataRow("noisy-vit-small-16-224", 22_050_664, 224)]
    [DataRow("noisy-vit-base-16-224", 86_567_656, 224)]
    [DataRow("noisy-vit-large-16-224", 304_326_632, 224)]
    [DataRow("noisy-resnet-18", 11_689_512, 224)]
    [DataRow("noisy-resnet-34", 21_797_672, 224)]
    [DataRow("noisy-resnet-50", 25_557_032, 224)]
    public void Networks_are_listed_with_the_published_numbers_of_parameters(string name, long parameters, int side)
    {
        var run = TestTerminal.Run("networks", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var entry = JsonNode.Parse(run.Output)!.AsArray().Single(network => (string)network!["name"]! == name)!;
        Assert.AreEqual(parameters, (long)entry["parameters"]!);
        Assert.AreSequenceEqual([3, side, side], entry["inputSize"]!.AsArray().Select(extent => (int)extent!));
    }

    [TestMethod]
    public void Names_are_unique_and_say_which_architecture_it_is()
    {
        CollectionAssert.AllItemsAreUnique(NamedNetworks.All.Select(network => network.Name).ToArray());
        foreach (var network in NamedNetworks.All)
        {
            StringAssert.StartsWith(network.Name, network.Configuration.Architecture);
            network.Configuration.Validate();
        }
    }

    [TestMethod]
    public void A_network_with_random_weights_is_exported_and_the_same_seed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        byte[] Export(string seed)
        {
            var run = TestTerminal.Run("export", "--network", "noisy-resnet-18-micro-28", "--random-weights", "--seed", seed, "--out", folder["random.onnx"]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            return File.ReadAllBytes(folder["random.onnx"]);
        }
        var first = Export("1");
        Assert.AreSequenceEqual(first, Export("1"));
        Assert.IsFalse(first.SequenceEqual(Export("2")));
    }

    [TestMethod]
    [DataRow(new[] { "export" }, "give a SOURCE")]
    [DataRow(new[] { "export", "runs/latest", "--random-weights", "--network", "noisy-resnet-18" }, "leave out the SOURCE")]
    [DataRow(new[] { "export", "--random-weights", "--network", "noisy-resnet-81" }, "did you mean 'noisy-resnet-18'?")]
    [DataRow(new[] { "export", "runs/latest", "--network", "vanila" }, "noisy or vanilla")]
    public void An_export_that_makes_no_sense_is_refused(string[] arguments, string expected)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(CommandLine.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, expected);
    }
}
