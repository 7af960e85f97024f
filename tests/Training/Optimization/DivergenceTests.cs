using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Loop;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Optimization;

/// <summary>
/// Weights that no loss shows: behind a ReLU minus infinity is 0, and so is its gradient. No model may be made of them, with or without a
/// folder for checkpoints, and no figure of them reported.
/// </summary>
[TestClass]
public sealed class DivergenceTests : IDisposable
{
    readonly PlantedImages _images = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_autoencoder_with_an_infinite_weight_is_not_the_outcome_of_a_training(bool hasWorkspace)
    {
        var options = new InformationVaeTrainer.Options
        {
            Network = new()
            {
                ImageSize = 6,
                LatentDimension = 3,
                HiddenDimension = 24,
            },
            MaxEpoch = 1,
            BatchSize = 16,
            Seed = 1,
            MetricsCallback = _ => Assert.Fail("There is nothing to report."),
        };
        using var rows = RowStore.Read(_images.View(32), new());
        using var network = new InformationVae(options.Network);
        Spoil(network.named_parameters().Single(entry => entry.name == "encoder1.bias").parameter);
        using var channel = ((IHostEnvironment)_images.Context).Start("Training");
        using var workspace = hasWorkspace ? Workspace.Open(_folder.Path, resume: false) : null;
        using var task = new InformationVaeTask(network, CPU, options, validation: rows);
        using var loop = new TrainingLoop(task, CPU, options, rows, validation: rows, workspace, channel);
        AssertRefused(() => loop.Run(), "encoder1.bias");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_classifier_with_an_infinite_weight_is_not_the_outcome_of_a_training(bool hasWorkspace)
    {
        var options = new NoisyResNetTrainer.Options
        {
            MaxEpoch = 1,
            BatchSize = 16,
            Seed = 1,
            MetricsCallback = _ => Assert.Fail("There is nothing to report."),
        };
        using var rows = RowStore.Read(_images.View(32), new() { LabelColumnName = "Label", Labels = PlantedImages.Labels });
        using var network = new NoisyResNet(NoisyResNetConfiguration.Micro(6, channels: 1) with { ClassCount = 3 });
        Spoil(network.named_parameters().Single(entry => entry.name == "bn1.bias").parameter);
        using var channel = ((IHostEnvironment)_images.Context).Start("Training");
        using var workspace = hasWorkspace ? Workspace.Open(_folder.Path, resume: false) : null;
        using var task = new ClassificationTask(network, CPU, options, rows, validation: rows);
        using var loop = new TrainingLoop(task, CPU, options, rows, validation: rows, workspace, channel);
        AssertRefused(() => loop.Run(), "bn1.bias");
    }

    static void Spoil(Tensor weight)
    {
        using var gradients = no_grad();
        weight.narrow(0, 0, 1).fill_(float.NegativeInfinity);
    }

    void AssertRefused(Action train, string weight)
    {
        var refusal = Assert.ThrowsExactly<TrainingDivergedException>(train);
        Assert.AreEqual(3, refusal.Step);
        Assert.AreSequenceEqual([weight], refusal.NotFinite);
        Assert.IsTrue(
            Directory.GetFiles(_folder.Path).All(file => new FileInfo(file).Length == 0),
            "No report and no checkpoint was written."
        );
    }
}
