namespace NoisyNN.Models.Architectures;

/// <summary>The sizes of a <see cref="NoisyViT"/>. The defaults are a micro network for 28 x 28 grey images.</summary>
public sealed record NoisyViTConfiguration
{
    /// <summary>Height and width of the images, pixels.</summary>
    public int ImageSize { get; init; } = 28;

    /// <summary>Height and width of a patch, pixels; divides <see cref="ImageSize"/>.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The number of classes; 0 lets a trainer take it from its label column.</summary>
    public int ClassCount { get; init; }

    /// <summary>The width of a token.</summary>
    public int Dimension { get; init; } = 64;

    /// <summary>The number of blocks.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>The number of attention heads; divides <see cref="Dimension"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The width inside a block's perceptron.</summary>
    public int MlpDimension { get; init; } = 128;

    /// <summary>The mean of the training pixels, in 0..1: one value, or one per channel.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.5];

    /// <summary>The standard deviation of the training pixels, in 0..1: one value, or one per channel.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.5];

    /// <summary>The share of activations dropped after the embedding and after each branch while training.</summary>
    public double DropoutRate { get; init; }

    /// <summary>The rows (and columns) of the token grid.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>Patches plus the class token.</summary>
    public int TokenCount => GridSize * GridSize + 1;

    /// <summary>ViT-Tiny/16 (Touvron et al., arXiv 2012.12877): 192 wide, 12 blocks, 3 heads.</summary>
    public static NoisyViTConfiguration Tiny(int classCount = 1000, int imageSize = 224) => Preset(192, 12, 3, classCount, imageSize);

    /// <summary>ViT-Small/16 (arXiv 2012.12877): 384 wide, 12 blocks, 6 heads.</summary>
    public static NoisyViTConfiguration Small(int classCount = 1000, int imageSize = 224) => Preset(384, 12, 6, classCount, imageSize);

    /// <summary>ViT-Base/16 (Dosovitskiy et al., arXiv 2010.11929): 768 wide, 12 blocks, 12 heads.</summary>
    public static NoisyViTConfiguration Base(int classCount = 1000, int imageSize = 224) => Preset(768, 12, 12, classCount, imageSize);

    /// <summary>ViT-Large/16 (arXiv 2010.11929): 1024 wide, 24 blocks, 16 heads.</summary>
    public static NoisyViTConfiguration Large(int classCount = 1000, int imageSize = 224) => Preset(1024, 24, 16, classCount, imageSize);

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the field, its value and the remedy.</exception>
    public void Validate()
    {
        AtLeastOne(ImageSize, nameof(ImageSize));
        AtLeastOne(PatchSize, nameof(PatchSize));
        AtLeastOne(Channels, nameof(Channels));
        AtLeastOne(Dimension, nameof(Dimension));
        AtLeastOne(Depth, nameof(Depth));
        AtLeastOne(Heads, nameof(Heads));
        AtLeastOne(MlpDimension, nameof(MlpDimension));
        if (ClassCount < 0)
            throw new ArgumentException($"{nameof(ClassCount)} is {ClassCount}; give the number of classes, or 0 to take it from the labels.");
        if (ImageSize % PatchSize != 0)
            throw new ArgumentException($"{nameof(ImageSize)} {ImageSize} is not a multiple of {nameof(PatchSize)} {PatchSize}; choose a patch size that divides it.");
        if (Dimension % Heads != 0)
            throw new ArgumentException($"{nameof(Dimension)} {Dimension} is not a multiple of {nameof(Heads)} {Heads}; choose a number of heads that divides it.");
        if (!(DropoutRate is >= 0 and < 1))
            throw new ArgumentException($"{nameof(DropoutRate)} is {DropoutRate}; it is a share of at least 0 and below 1.");
        OnePerChannel(Mean, nameof(Mean), double.IsFinite, "a finite number");
        OnePerChannel(StandardDeviation, nameof(StandardDeviation), value => double.IsFinite(value) && value > 0, "a finite number above 0");
    }

    /// <summary>(x/255 - mean) / standard deviation as one multiplication and one addition, per channel.</summary>
    internal (float[] Scale, float[] Offset) Normalization()
    {
        var channels = Enumerable.Range(0, Channels).Select(channel =>
            (Mean: Mean[Mean.Count == 1 ? 0 : channel], StandardDeviation: StandardDeviation[StandardDeviation.Count == 1 ? 0 : channel])).ToList();
        return ([.. channels.Select(channel => (float)(1 / (255 * channel.StandardDeviation)))],
            [.. channels.Select(channel => (float)(-channel.Mean / channel.StandardDeviation))]);
    }

    static NoisyViTConfiguration Preset(int dimension, int depth, int heads, int classCount, int imageSize) => new()
    {
        ImageSize = imageSize, PatchSize = 16, Channels = 3, ClassCount = classCount,
        Dimension = dimension, Depth = depth, Heads = heads, MlpDimension = 4 * dimension,
    };

    static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"{name} is {value}; it must be at least 1.");
    }

    void OnePerChannel(IReadOnlyList<double> values, string name, Func<double, bool> isValid, string rule)
    {
        if (values.Count != 1 && values.Count != Channels)
            throw new ArgumentException($"{name} has {values.Count} values; give one, or one for each of the {Channels} channels.");
        foreach (var value in values)
            if (!isValid(value))
                throw new ArgumentException($"{name} holds {value}; each value must be {rule}.");
    }
}
