using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli;

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
        CollectionAssert.AllItemsAreUnique(
            NamedNetworks.All.Select(network => network.Name).Concat(NamedAutoencoder.All.Select(half => half.Name)).ToArray()
        );
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
            var run = TestTerminal.Run(
                "export",
                "--network",
                "noisy-resnet-18-micro-28",
                "--random-weights",
                "--seed",
                seed,
                "--out",
                folder["random.onnx"]
            );
            Assert.AreEqual(0, run.ExitCode, run.Error);
            return File.ReadAllBytes(folder["random.onnx"]);
        }
        var first = Export("1");
        Assert.AreSequenceEqual(first, Export("1"));
        Assert.IsFalse(first.SequenceEqual(Export("2")));
    }

    [TestMethod]
    [DataRow("noisy-classifier-768", new[] { 768 })]
    [DataRow("noisy-classifier-768-hidden-256", new[] { 768 })]
    [DataRow("information-vae-28-encoder", new[] { 1, 28, 28 })]
    [DataRow("information-vae-28-decoder", new[] { 32 })]
    [DataRow("information-vae-gaussian-28-encoder", new[] { 1, 28, 28 })]
    [DataRow("information-vae-gaussian-28-decoder", new[] { 32 })]
    public void Heads_and_halves_of_autoencoders_are_listed_and_exported_like_every_other_network(string name, int[] inputSize)
    {
        using var folder = new TemporaryFolder();
        var entry = JsonNode
            .Parse(TestTerminal.Run("networks", "--json").Output)!
            .AsArray()
            .Single(network => (string)network!["name"]! == name)!;
        Assert.AreSequenceEqual(inputSize, entry["inputSize"]!.AsArray().Select(extent => (int)extent!));

        var run = TestTerminal.Run(
            "export",
            "--network",
            name,
            "--random-weights",
            "--seed",
            "1",
            "--float16",
            "--opset",
            "18",
            "--out",
            folder["random.onnx"],
            "--json"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var result = JsonNode.Parse(run.Output)!;
        Assert.AreEqual((long)entry["parameters"]!, (long)result["parameterCount"]!);
        Assert.IsTrue((double)result["maxAbsDifference"]! is > 0 and < 1e-2);
        using var session = new InferenceSession(folder["random.onnx"]);
        Assert.AreSequenceEqual([-1, .. inputSize], session.InputMetadata.Values.Single().Dimensions);
    }

    [TestMethod]
    public void An_encoder_takes_bytes_and_a_decoder_says_that_it_takes_none()
    {
        using var folder = new TemporaryFolder();
        TestTerminal Export(string half) =>
            TestTerminal.Run(
                "export",
                "--network",
                $"information-vae-28-{half}",
                "--random-weights",
                "--bytes",
                "--out",
                folder["half.onnx"]
            );

        var decoder = Export("decoder");
        Assert.AreEqual(ExitCode.Failed, decoder.ExitCode);
        StringAssert.Contains(decoder.Error, "takes codes, not pixels");
        Assert.IsFalse(File.Exists(folder["half.onnx"]));

        Assert.AreEqual(0, Export("encoder").ExitCode);
        using var session = new InferenceSession(folder["half.onnx"]);
        Assert.AreEqual(typeof(byte), session.InputMetadata["Pixels"].ElementType);
    }

    [TestMethod]
    public void Noise_that_is_asked_for_is_in_the_file_and_told_by_it()
    {
        using var folder = new TemporaryFolder();
        var run = TestTerminal.Run(
            "export",
            "--network",
            "all-cnn-micro-28",
            "--random-weights",
            "--noise",
            "optimal-mixing:axis=batch",
            "--out",
            folder["noisy.onnx"]
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        using var session = new InferenceSession(folder["noisy.onnx"]);
        Assert.AreEqual("input", session.ModelMetadata.CustomMetadataMap["noisy.eval_noise"]);
        Assert.AreEqual("true", session.ModelMetadata.CustomMetadataMap["noisy.transductive"]);
    }

    [TestMethod]
    [DataRow(new[] { "export" }, "give a SOURCE")]
    [DataRow(new[] { "export", "runs/latest", "--random-weights", "--network", "noisy-resnet-18" }, "leave out the SOURCE")]
    [DataRow(new[] { "export", "--random-weights", "--network", "noisy-resnet-81" }, "did you mean 'noisy-resnet-18'?")]
    [DataRow(new[] { "export", "runs/latest", "--network", "vanila" }, "noisy or vanilla")]
    public void An_export_that_makes_no_sense_is_refused(string[] arguments, string expected)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, expected);
    }
}
