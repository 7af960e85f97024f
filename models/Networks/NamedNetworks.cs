using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;

namespace NoisyNN.Models.Networks;

/// <summary>A network in one of its usual sizes.</summary>
/// <param name="Name">In kebab-case: architecture, size and, where there are several, the side of its images or the features of a
/// row.</param>
/// <param name="Configuration">Its sizes.</param>
public sealed record NamedNetwork(string Name, NetworkConfiguration Configuration);

/// <summary>
/// The classifiers in their published sizes, small ones for small images, and heads for embeddings. A further one is one line here.
/// </summary>
public static class NamedNetworks
{
    /// <summary>Every one of them, architecture by architecture.</summary>
    public static IReadOnlyList<NamedNetwork> All { get; } =
    [
        new("noisy-vit-tiny-16-224", NoisyViTConfiguration.Tiny()),
        new("noisy-vit-tiny-16-384", NoisyViTConfiguration.Tiny(imageSize: 384)),
        new("noisy-vit-small-16-224", NoisyViTConfiguration.Small()),
        new("noisy-vit-small-16-384", NoisyViTConfiguration.Small(imageSize: 384)),
        new("noisy-vit-base-16-224", NoisyViTConfiguration.Base()),
        new("noisy-vit-base-16-384", NoisyViTConfiguration.Base(imageSize: 384)),
        new("noisy-vit-large-16-224", NoisyViTConfiguration.Large()),
        new("noisy-vit-large-16-384", NoisyViTConfiguration.Large(imageSize: 384)),
        new("noisy-vit-micro-28", NoisyViTConfiguration.Micro(28)),
        new("noisy-vit-micro-32", NoisyViTConfiguration.Micro(32, channels: 3)),
        new("noisy-vit-micro-64", NoisyViTConfiguration.Micro(64, channels: 3)),
        new("noisy-resnet-18", NoisyResNetConfiguration.ResNet18()),
        new("noisy-resnet-34", NoisyResNetConfiguration.ResNet34()),
        new("noisy-resnet-50", NoisyResNetConfiguration.ResNet50()),
        new("noisy-resnet-18-micro-28", NoisyResNetConfiguration.Micro(28)),
        new("noisy-resnet-18-micro-32", NoisyResNetConfiguration.Micro(32, channels: 3)),
        new("noisy-resnet-18-micro-64", NoisyResNetConfiguration.Micro(64, channels: 3)),
        new("all-cnn-32", AllCnnConfiguration.ForCifar()),
        new("all-cnn-96", AllCnnConfiguration.ForClutteredMnist()),
        new("all-cnn-micro-28", new AllCnnConfiguration { ClassCount = 10, FilterPercentage = 25 }),
        new("noisy-classifier-768", new NoisyClassifierConfiguration { FeatureCount = 768, ClassCount = 1000 }),
        new(
            "noisy-classifier-768-hidden-256",
            new NoisyClassifierConfiguration
            {
                FeatureCount = 768,
                HiddenDimension = 256,
                ClassCount = 1000,
            }
        ),
    ];

    /// <summary>The network of this name; null where there is none.</summary>
    public static NamedNetwork? Find(string name) => All.FirstOrDefault(network => network.Name == name);
}
