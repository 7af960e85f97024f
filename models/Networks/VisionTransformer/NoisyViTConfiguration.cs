using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>The sizes of a <see cref="NoisyViT"/>. The defaults are a micro network for 28 x 28 grey images.</summary>
public sealed record NoisyViTConfiguration : ImageNetworkConfiguration
{
    // About as many patches as 28 x 28 pixels have with the default.
    const int MostPatchesOnASide = 8,
        LeastPatchesOnASide = 4;

    readonly int? _givenPatchSize;

    /// <summary>Height and width of a patch, pixels. It divides <see cref="ImageNetworkConfiguration.ImageSize"/>.</summary>
    /// <remarks>
    /// If neither was given, a trainer takes the size of the images from its column, and the least patch that divides it into at most 8
    /// on a side.
    /// </remarks>
    [Range(1, 256)]
    public int PatchSize
    {
        get => _givenPatchSize ?? 4;
        init => _givenPatchSize = value;
    }

    /// <summary>The width of a token.</summary>
    [Range(1, 4096)]
    public int Dimension { get; init; } = 64;

    /// <summary>The number of blocks.</summary>
    [Range(1, 100)]
    public int Depth { get; init; } = 4;

    /// <summary>The number of attention heads. It divides <see cref="Dimension"/>.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 4;

    /// <summary>The width inside a block's perceptron.</summary>
    [Range(1, 65536)]
    public int MlpDimension { get; init; } = 128;

    /// <summary>The share of activations that is dropped after the embedding and after each branch in training.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [ConfigurationKey("dropout")]
    public double DropoutRate { get; init; }

    /// <summary>The rows (and columns) of the token grid.</summary>
    [JsonIgnore]
    public int GridSize => ImageSize / PatchSize;

    /// <summary>The number of tokens: the patches and the class token.</summary>
    [JsonIgnore]
    public int TokenCount => GridSize * GridSize + 1;

    /// <inheritdoc/>
    public override string Architecture => "noisy-vit";

    /// <inheritdoc/>
    public override long ParameterCount
    {
        get
        {
            var (width, hidden) = ((long)Dimension, (long)MlpDimension);
            var embedding = Channels * PatchSize * PatchSize * width + width + (TokenCount + 1) * width;
            var attention = 3 * (width + 1) * width + (width + 1) * width;
            var perceptron = (width + 1) * hidden + (hidden + 1) * width;
            var norm = 2 * width;
            return embedding + Depth * (2 * norm + attention + perceptron) + norm + (width + 1) * ClassCount;
        }
    }

    /// <inheritdoc/>
    public override string Summary => $"patches of {PatchSize}, {Depth} blocks of dimension {Dimension} with {Heads} heads";

    /// <summary>ViT-Tiny/16 (Touvron et al., arXiv 2012.12877): 192 wide, 12 blocks, 3 heads.</summary>
    public static NoisyViTConfiguration Tiny(int classCount = 1000, int imageSize = 224) => Preset(192, 12, 3, classCount, imageSize);

    /// <summary>ViT-Small/16 (arXiv 2012.12877): 384 wide, 12 blocks, 6 heads.</summary>
    public static NoisyViTConfiguration Small(int classCount = 1000, int imageSize = 224) => Preset(384, 12, 6, classCount, imageSize);

    /// <summary>ViT-Base/16 (Dosovitskiy et al., arXiv 2010.11929): 768 wide, 12 blocks, 12 heads.</summary>
    public static NoisyViTConfiguration Base(int classCount = 1000, int imageSize = 224) => Preset(768, 12, 12, classCount, imageSize);

    /// <summary>ViT-Large/16 (arXiv 2010.11929): 1024 wide, 24 blocks, 16 heads.</summary>
    public static NoisyViTConfiguration Large(int classCount = 1000, int imageSize = 224) => Preset(1024, 24, 16, classCount, imageSize);

    /// <summary>
    /// A network for images of 28, 32 or 64 pixels: 192 wide, 6 blocks, 3 heads. Patches have 4 pixels, or 8 at 64 pixels and above, so
    /// that there are 50 to 65 tokens.
    /// </summary>
    public static NoisyViTConfiguration Micro(int imageSize = 28, int channels = 1, int classCount = 10) =>
        new()
        {
            ImageSize = imageSize,
            PatchSize = imageSize < 64 ? 4 : 8,
            Channels = channels,
            ClassCount = classCount,
            Dimension = 192,
            Depth = 6,
            Heads = 3,
            MlpDimension = 768,
        };

    /// <inheritdoc/>
    public override ImageClassifier Create() => new NoisyViT(this);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The images cannot be cut into square patches, 4 to 8 on a side.</exception>
    public override ClassifierConfiguration ForRows(IReadOnlyList<int> dimensions)
    {
        var sized = (NoisyViTConfiguration)base.ForRows(dimensions);
        return GivenImageSize is null && _givenPatchSize is null ? sized with { PatchSize = PatchSizeFor(sized.ImageSize) } : sized;
    }

    /// <summary>The same sizes. The perceptrons are twice as wide as a token if no width was given.</summary>
    /// <param name="given">The names of the properties that were given a value.</param>
    public override NetworkConfiguration Completed(IReadOnlySet<string> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return given.Contains(nameof(MlpDimension)) ? this : this with { MlpDimension = 2 * Dimension };
    }

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        AtLeastOne(PatchSize, nameof(PatchSize));
        AtLeastOne(Dimension, nameof(Dimension));
        AtLeastOne(Depth, nameof(Depth));
        AtLeastOne(Heads, nameof(Heads));
        AtLeastOne(MlpDimension, nameof(MlpDimension));
        if (Dimension % Heads != 0)
            throw new ArgumentException(
                $"{nameof(Dimension)} {Dimension} is not a multiple of {nameof(Heads)} {Heads}: {Dimension} cannot be split "
                    + $"over {Heads} heads; choose a number of heads that divides it.",
                nameof(Heads)
            );
        if (!(DropoutRate is >= 0 and < 1))
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(DropoutRate)} is {DropoutRate}; it is a share of at least 0 and below 1.")
            );
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (ImageSize % PatchSize != 0)
            throw new ArgumentException(
                $"{nameof(ImageSize)} {ImageSize} is not a multiple of "
                    + $"{nameof(PatchSize)} {PatchSize}; choose a patch size that divides it."
            );
    }

    static int PatchSizeFor(int imageSize)
    {
        var least = (imageSize + MostPatchesOnASide - 1) / MostPatchesOnASide;
        var patch = Enumerable.Range(least, imageSize - least + 1).First(size => imageSize % size == 0);
        return imageSize / patch >= Math.Min(LeastPatchesOnASide, imageSize)
            ? patch
            : throw new ArgumentException(
                $"Images of {imageSize} x {imageSize} pixels have no {LeastPatchesOnASide} to {MostPatchesOnASide} whole patches a side; "
                    + $"set the network's {nameof(PatchSize)}, or resize the images to a multiple of {MostPatchesOnASide}."
            );
    }

    // AugReg's weights, which timm serves for these sizes, were trained on pixels scaled to -1..1: mean and deviation 0.5, the defaults.
    static NoisyViTConfiguration Preset(int dimension, int depth, int heads, int classCount, int imageSize) =>
        new()
        {
            ImageSize = imageSize,
            PatchSize = 16,
            Channels = 3,
            ClassCount = classCount,
            Dimension = dimension,
            Depth = depth,
            Heads = heads,
            MlpDimension = 4 * dimension,
        };
}
