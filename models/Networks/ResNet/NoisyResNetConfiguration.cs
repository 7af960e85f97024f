using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms;

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>The layers before the stages of a <see cref="NoisyResNet"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResNetStem>))]
public enum ResNetStem
{
    /// <summary>
    /// For images of about 32 pixels: a 3 x 3 convolution that keeps the size (He et al., arXiv 1512.03385, section 4.2).
    /// </summary>
    Small,

    /// <summary>For images of about 224 pixels: a 7 x 7 convolution and a pool, each of stride 2.</summary>
    ImageNet,
}

/// <summary>The sizes of a <see cref="NoisyResNet"/>. The defaults are ResNet-18 for 28 x 28 grey images.</summary>
public sealed record NoisyResNetConfiguration : ImageNetworkConfiguration
{
    /// <summary>The number of layers with weights from pixels to logits: 18, 34 or 50.</summary>
    [Range(1, 100)]
    public int Depth { get; init; } = 18;

    /// <summary>
    /// The channels of the first stage, 64 in the paper. Each of the next three stages has twice as many as the one before.
    /// </summary>
    [Range(1, 1024)]
    public int Width { get; init; } = 64;

    /// <summary>The layers before the first stage.</summary>
    public ResNetStem Stem
    {
        get;
        init => field = DefinedValue.Require(value);
    } = ResNetStem.Small;

    /// <summary>The blocks of each of the four stages.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> BlockCounts =>
        Depth switch
        {
            18 => [2, 2, 2, 2],
            34 or 50 => [3, 4, 6, 3],
            _ => throw new ArgumentException($"{nameof(Depth)} is {Depth}; a residual network has 18, 34 or 50 layers here."),
        };

    /// <summary>
    /// Whether blocks are bottlenecks of three convolutions, whose output is four times as wide. Otherwise they have two.
    /// </summary>
    [JsonIgnore]
    public bool HasBottlenecks => Depth >= 50;

    /// <summary>The number of features that the head reads.</summary>
    [JsonIgnore]
    public int FeatureCount => OutputWidth(stage: 3);

    /// <inheritdoc/>
    public override string Architecture => "noisy-resnet";

    /// <inheritdoc/>
    public override long ParameterCount
    {
        get
        {
            var count = Convolution(Channels, Width, Stem is ResNetStem.Small ? 3 : 7);
            long inputs = Width;
            for (var stage = 0; stage < BlockCounts.Count; stage++)
            for (var block = 0; block < BlockCounts[stage]; block++)
            {
                long inner = Width << stage;
                long outputs = OutputWidth(stage);
                count += HasBottlenecks
                    ? Convolution(inputs, inner, 1) + Convolution(inner, inner, 3) + Convolution(inner, outputs, 1)
                    : Convolution(inputs, inner, 3) + Convolution(inner, outputs, 3);
                if (block == 0 && (stage > 0 || inputs != outputs))
                    count += Convolution(inputs, outputs, 1);
                inputs = outputs;
            }
            return count + (inputs + 1) * ClassCount;

            // Without a bias, and followed by a normalisation with a scale and a shift per channel.
            static long Convolution(long inputs, long outputs, int kernel) => inputs * outputs * kernel * kernel + 2 * outputs;
        }
    }

    /// <inheritdoc/>
    public override string Summary =>
        $"ResNet-{Depth}, {Width} channels in the first stage, {(Stem is ResNetStem.Small ? "small" : "ImageNet")} stem";

    /// <summary>ResNet-18 as torchvision has it.</summary>
    public static NoisyResNetConfiguration ResNet18(int classCount = 1000, int imageSize = 224) => Preset(18, classCount, imageSize);

    /// <summary>ResNet-34 as torchvision has it.</summary>
    public static NoisyResNetConfiguration ResNet34(int classCount = 1000, int imageSize = 224) => Preset(34, classCount, imageSize);

    /// <summary>ResNet-50 as torchvision has it: a bottleneck's stride is on its 3 x 3 convolution.</summary>
    public static NoisyResNetConfiguration ResNet50(int classCount = 1000, int imageSize = 224) => Preset(50, classCount, imageSize);

    /// <summary>ResNet-18 with the small stem and a quarter of the width, for images of 28 to 64 pixels.</summary>
    public static NoisyResNetConfiguration Micro(int imageSize = 28, int channels = 1, int classCount = 10) =>
        new()
        {
            ImageSize = imageSize,
            Channels = channels,
            ClassCount = classCount,
            Width = 16,
        };

    /// <summary>The index of a block over all stages, as <see cref="Layers.LatentNoisePlacement.Layer"/> counts it.</summary>
    /// <param name="stage">1 to 4, as in torchvision's <c>layer1</c> to <c>layer4</c>.</param>
    /// <param name="block">The block in the stage, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such block.</exception>
    public int BlockIndex(int stage, int block)
    {
        if (stage is < 1 or > 4)
            throw new ArgumentOutOfRangeException(nameof(stage), stage, "The stages are 1 to 4.");
        if (block < 1 || block > BlockCounts[stage - 1])
            throw new ArgumentOutOfRangeException(
                nameof(block),
                block,
                $"Stage {stage} of ResNet-{Depth} has the blocks 1 to {BlockCounts[stage - 1]}."
            );
        return BlockCounts.Take(stage - 1).Sum() + block - 1;
    }

    /// <inheritdoc/>
    public override ImageClassifier Create() => new NoisyResNet(this);

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        AtLeastOne(Width, nameof(Width));
        _ = BlockCounts;
    }

    /// <summary>The output channels of a stage, 0 to 3.</summary>
    internal int OutputWidth(int stage) => (HasBottlenecks ? 4 * Width : Width) << stage;

    static NoisyResNetConfiguration Preset(int depth, int classCount, int imageSize) =>
        new()
        {
            Depth = depth,
            ImageSize = imageSize,
            Channels = 3,
            ClassCount = classCount,
            Stem = ResNetStem.ImageNet,
            Mean = ImageNet.Mean,
            StandardDeviation = ImageNet.StandardDeviation,
        };
}
