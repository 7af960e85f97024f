using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;

[assembly: NetworkArchitecture(typeof(NoisyViTArchitecture))]

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>The Vision Transformer in the registry.</summary>
sealed class NoisyViTArchitecture : NetworkArchitecture<NoisyViTConfiguration>
{
    /// <inheritdoc/>
    public override string FeaturesOutput => NoisyViT.ClassTokenOutput;

    /// <inheritdoc/>
    public override IReadOnlyList<NamedNetwork> Networks { get; } =
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
    ];
}
