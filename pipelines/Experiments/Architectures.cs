using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>What the program does alike with every architecture: reads its sizes from a file, and trains it.</summary>
/// <param name="Name">As <see cref="NetworkConfiguration.Architecture"/> has it.</param>
/// <param name="Configuration">The record of its sizes.</param>
/// <param name="Options">A trainer's options for these sizes, everything else at its default.</param>
/// <param name="Trainer">The trainer.</param>
sealed record KnownArchitecture(
    string Name,
    Type Configuration,
    Func<NetworkConfiguration, TrainingOptions> Options,
    Func<MLContext, TrainingOptions, ImageClassifierTrainer> Trainer
);

/// <summary>The architectures that the program knows, one entry each.</summary>
static class Architectures
{
    static readonly KnownArchitecture[] s_known =
    [
        Known<NoisyViTConfiguration, NoisyViTTrainer.Options>(
            "noisy-vit",
            network => new() { Network = network },
            (ml, options) => ml.Vision.NoisyViT(options)
        ),
        Known<NoisyResNetConfiguration, NoisyResNetTrainer.Options>(
            "noisy-resnet",
            network => new() { Network = network },
            (ml, options) => ml.Vision.NoisyResNet(options)
        ),
        Known<AllCnnConfiguration, AllCnnTrainer.Options>(
            "all-cnn",
            network => new() { Network = network },
            (ml, options) => ml.Vision.AllCnn(options)
        ),
    ];

    /// <exception cref="ArgumentException">The program does not know the architecture.</exception>
    public static KnownArchitecture Find(string name) =>
        s_known.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException(
            $"the architecture '{name}' is not known; known are {string.Join(", ", s_known.Select(architecture => architecture.Name))}."
        );

    static KnownArchitecture Known<TConfiguration, TOptions>(
        string name,
        Func<TConfiguration, TOptions> options,
        Func<MLContext, TOptions, ImageClassifierTrainer> trainer
    )
        where TConfiguration : NetworkConfiguration
        where TOptions : TrainingOptions =>
        new(name, typeof(TConfiguration), network => options((TConfiguration)network), (ml, given) => trainer(ml, (TOptions)given));
}
