using System.Text.Json.Nodes;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Tests.Cli;
using TorchSharp;

namespace NoisyNN.Tests.Experiments;

/// <summary>A residual network from an experiment file to its ONNX file, and back from the run's folder.</summary>
[TestClass]
public sealed class ResidualExperimentTests
{
    [TestMethod]
    public void A_residual_network_is_trained_judged_and_shipped()
    {
        using var folder = new TinyExperiment();
        File.WriteAllText(
            folder["residual.yaml"],
            $"""
            name: residual
            data:
              directory: {folder.Images}
              imageSize: 8
              validationFraction: 0.25
            noise:
              latent:
                family: circular-shift
                strength: 0.4
                axis: batch
                site: block-input
                detached: true
                schedule:
                  from: 0
                  to: 1
                  steps: 10
            network:
              architecture: noisy-resnet
              width: 4
            training:
              epochs: 2
              batchSize: 9
              learningRate: 5e-3
              threads: 1
            evaluation:
              baseline: false
              batches: [1]
              shuffles: 1
            """
        );

        var run = TestTerminal.Run("train", folder["residual.yaml"], "--output", folder.Runs);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(File.ReadAllText(folder["runs/residual/summary.json"]))!;
        Assert.IsLessThanOrEqualTo(1e-4, summary["onnx"]!["maxAbsDifference"]!.GetValue<double>());
        using var file = NetworkFile.Read(folder["runs/residual/noisy/network.safetensors"]);
        var network = (NoisyResNet)file.Network;
        Assert.AreEqual((18, 4, ResNetStem.Small), (network.Configuration.Depth, network.Configuration.Width, network.Configuration.Stem));
        Assert.IsGreaterThan(0, network.state_dict()["bn1.num_batches_tracked"].item<long>());
        StringAssert.Contains(File.ReadAllText(folder["runs/residual/experiment.yaml"]), "detached: true");
        StringAssert.Contains(File.ReadAllText(folder["runs/residual/report.html"]), "strength from 0 to 1 over 10 steps");
        Assert.AreEqual(
            LatentNoisePlacement.ReleasedNoisyResNet with
            {
                AtInference = false,
                Schedule = new(0, 1, 10),
            },
            ExperimentFile
                .Parse(File.ReadAllText(folder["runs/residual/experiment.yaml"]), "experiment.yaml")
                .Experiment.Noise.Latent!.Placement
        );
    }
}
