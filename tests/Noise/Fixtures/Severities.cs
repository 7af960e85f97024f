using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Severity;

namespace NoisyNN.Tests.Noise.Fixtures;

static class Severities
{
    /// <summary>The four noises of ImageNet-C at one severity.</summary>
    public static NoiseDefinition[] All(int severity) =>
        [ImageNetC.Gaussian(severity), ImageNetC.Shot(severity), ImageNetC.Impulse(severity), ImageNetC.Speckle(severity)];
}
