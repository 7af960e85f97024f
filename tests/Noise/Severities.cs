using NoisyNN.Transforms.Noise;

namespace NoisyNN.Tests.Noise;

internal static class Severities
{
    /// <summary>The four noises of ImageNet-C at one severity.</summary>
    public static NoiseDefinition[] All(int severity) =>
        [ImageNetC.Gaussian(severity), ImageNetC.Shot(severity), ImageNetC.Impulse(severity), ImageNetC.Speckle(severity)];
}
