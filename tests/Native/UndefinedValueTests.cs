using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Native;

/// <summary>A number without a name in its enum is refused where it is set. Such a number used to switch a noise off in silence.</summary>
[TestClass]
public sealed class UndefinedValueTests
{
    const int Undefined = 77;

    static readonly MLContext s_context = new(seed: 1);

    static readonly Dictionary<string, Action> s_uses = new()
    {
        ["Site is 77. Give one of AfterEmbedding"] = () => _ = new LatentNoisePlacement(new GaussianNoise(1), (NoiseSite)Undefined),
        ["Axis is 77. Give one of Batch, Tokens, SpatialRows, Channels."] = () => _ = new OptimalMixingNoise((MixAxis)Undefined),
        ["Mode is 77. Give one of Spectral"] = () => _ = new EntropyOptions { Mode = (EntropyMode)Undefined },
        ["Scaling is 77. Give one of None"] = () => _ = new EntropyOptions { Scaling = (FeatureScaling)Undefined },
        ["Precision is 77. Give one of Double, Single."] = () => _ = new EntropyOptions { Precision = (EntropyPrecision)Undefined },
        ["Kind is 77. Give one of Information"] = () => _ = new InformationDropoutConfiguration { Kind = (DropoutKind)Undefined },
        ["Prior is 77. Give one of LogUniform"] = () => _ = new InformationDropoutConfiguration { Prior = (InformationPrior)Undefined },
        ["Posterior is 77. Give one of Gaussian"] = () => _ = new InformationVaeConfiguration { Posterior = (VaePosterior)Undefined },
        ["Stem is 77. Give one of Small, ImageNet."] = () => _ = new NoisyResNetConfiguration { Stem = (ResNetStem)Undefined },
        ["InputNoiseScope is 77. Give one of Training"] = () => _ = new OnnxExportOptions { InputNoiseScope = (NoiseScope)Undefined },
        ["PixelInput is 77. Give one of FloatPlanar"] = () => _ = new OnnxExportOptions { PixelInput = (PixelInput)Undefined },
        ["WeightPrecision is 77. Give one of Float32"] = () => _ = new OnnxExportOptions { WeightPrecision = (WeightPrecision)Undefined },
        ["Precision is 77; it is Float32 or Bfloat16."] = () => _ = s_context.Vision.NoisyViT(new() { Precision = (Precision)Undefined }),
        ["Scope is Training or Always."] = () => _ = s_context.Noise.Gaussian("X", standardDeviation: 1, scope: (NoiseScope)Undefined),
    };

    public static IEnumerable<object[]> Messages => s_uses.Keys.Select(message => new object[] { message });

    [TestMethod]
    [DynamicData(nameof(Messages))]
    public void The_refusal_names_the_property_and_the_values_to_choose_from(string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(s_uses[message]).Message);
}
