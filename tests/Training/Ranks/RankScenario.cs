using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>A training that one process and several ranks do: the same steps, in the same parts.</summary>
sealed class RankScenario
{
    /// <summary>
    /// Batches of 16 rows. Of two ranks, both have 8 rows of a batch; in the last one, of 4 rows, the second has none.
    /// </summary>
    public const int BatchSize = 16,
        Rows = 52;

    static readonly PlantedImages s_images = new();

    readonly Func<TrainingOptions> _options;
    readonly Func<TrainingOptions, NetworkTransformer> _fit;

    RankScenario(string name, Func<TrainingOptions> options, Func<TrainingOptions, NetworkTransformer> fit) =>
        (Name, _options, _fit) = (name, options, fit);

    /// <summary>
    /// Without what is random in the network, which depends on the parts that a step is computed in. AdamW divides a gradient by its own
    /// size, so where one is nearly 0, its last bits move a weight by up to the rate: hence a low one.
    /// </summary>
    public static RankScenario Plain { get; } =
        new(
            "plain",
            () =>
            {
                var options = Transformer();
                options.LatentNoise = null;
                options.Network = PlantedImages.Network;
                options.LearningRate = 3e-5;
                return options;
            },
            options => Fit((NoisyViTTrainer.Options)options)
        );

    public static IReadOnlyList<RankScenario> All { get; } =
    [
        // What is random: rows, noise on them, noise and dropout in the network; what looks at all gradients, and at all weights.
        new("transformer", Transformer, options => Fit((NoisyViTTrainer.Options)options)),
        new(
            "mixed rows",
            () =>
            {
                var options = Transformer();
                options.InputNoise = new CircularShiftNoise(0.3, MixAxis.Batch);
                options.LatentNoise = null;
                options.Augmentation = new Augmentation(CropPadding: 1, HorizontalFlip: true, MixupAlpha: 0.4);
                return options;
            },
            options => Fit((NoisyViTTrainer.Options)options)
        ),
        // Batch normalisation.
        new("residual network", ResidualNetwork, options => Fit((NoisyResNetTrainer.Options)options)),
        Plain,
    ];

    public string Name { get; }

    /// <summary>The options of one process; ranks add themselves.</summary>
    public TrainingOptions Options() => _options();

    /// <summary>All weights and what the network has learned beside them.</summary>
    public (byte[] Parameters, byte[] Statistics, TrainingResult Result) Train(TrainingOptions options)
    {
        using var model = _fit(options);
        return (
            Bytes(model.Network.named_parameters().Select(entry => entry.parameter)),
            Bytes(
                model
                    .Network.named_buffers()
                    .Where(entry => entry.name.Contains("running", StringComparison.Ordinal))
                    .Select(entry => entry.buffer)
            ),
            model.Training
        );
    }

    static byte[] Bytes(IEnumerable<torch.Tensor> tensors) =>
        [.. tensors.SelectMany(tensor => tensor.detach().contiguous().bytes.ToArray())];

    static NetworkTransformer Fit(NoisyViTTrainer.Options options) => s_images.Context.Vision.NoisyViT(options).Fit(s_images.View(Rows));

    static NetworkTransformer Fit(NoisyResNetTrainer.Options options) =>
        s_images.Context.Vision.NoisyResNet(options).Fit(s_images.View(Rows));

    static NoisyViTTrainer.Options Transformer() =>
        new()
        {
            Network = PlantedImages.Network with { DropoutRate = 0.1 },
            InputNoise = new GaussianNoise(20),
            LatentNoise = new(new GaussianNoise(0.2), NoiseSite.BlockInput, Layer: 1),
            Augmentation = new Augmentation(CropPadding: 1, HorizontalFlip: true),
            MovingAverageDecay = 0.9,
            ValidationSet = s_images.View(30, seed: 2),
            MaxEpoch = 2,
            BatchSize = BatchSize,
            LearningRate = 3e-3,
            Seed = 7,
            ThreadCount = 1,
            LogEverySteps = 1,
        };

    static NoisyResNetTrainer.Options ResidualNetwork() =>
        new()
        {
            Network = new NoisyResNetConfiguration { ImageSize = 6, Width = 4 },
            MaxEpoch = 1,
            BatchSize = BatchSize,
            Seed = 7,
            ThreadCount = 1,
            LogEverySteps = 0,
        };
}
