using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What the report of a run shows besides figures.</summary>
/// <param name="Shape">The size of the images.</param>
/// <param name="Samples">Some test images, each with its class.</param>
public sealed record RunPictures(ImageShape Shape, IReadOnlyList<ShownImage> Samples)
{
    const int LongestSide = 96;

    /// <summary>The same images under each noise on pixels; none without such noise.</summary>
    public IReadOnlyList<NoiseStrip> Noises { get; init; } = [];

    /// <summary>What noise inside the network does to its features; null without such noise.</summary>
    public FeaturePicture? Features { get; init; }

    /// <summary>The network that all below is about.</summary>
    public string? Network { get; init; }

    /// <summary>Where it takes its information from; null for one that does not count it.</summary>
    public InformationGallery? Information { get; init; }

    /// <summary>For each sample [h, w], the probability that the answer loses when a cell is covered; none where it was not
    /// tried.</summary>
    public IReadOnlyList<float[,]> Occlusions { get; init; } = [];

    /// <summary>The cells of these maps on the longest side of an image.</summary>
    public int OcclusionCells { get; init; }

    /// <summary>Where its answers come from by its own parts; null for a network that cannot tell.</summary>
    public AnswerGallery? Answers { get; init; }

    /// <summary>Rows of each true class, by the predicted class; empty without classes.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; } = [];

    /// <summary>The errors with the most confidence.</summary>
    public IReadOnlyList<ShownError> Errors { get; init; } = [];

    /// <summary>What was declared, as YAML.</summary>
    public string Settings { get; init; } = "";

    /// <summary>What the templates show.</summary>
    internal object Shown() =>
        new
        {
            Network,
            Settings,
            Samples = Strip(Samples),
            Noises = Noises.Select(noise => new { noise.Name, Images = Strip(noise.Images) }),
            Features = Features is null
                ? null
                : new
                {
                    Features.Layer,
                    Features.Noise,
                    Features.FirstShare,
                    Features.SecondShare,
                    Chart = new DisplacementChart(
                        "features without and with the noise",
                        "first principal component",
                        "second principal component",
                        Features.Clean,
                        Features.Noisy
                    ).ToSvg(),
                },
            Information = Information is null ? null : new { Information.Network, Layers = Information.Shown(Samples) },
            HasOcclusions = Occlusions.Count > 0,
            OcclusionCells,
            Occlusions = Occlusions.Zip(
                Samples,
                (map, sample) => Shown(Picture.OfHeat(map, Largest(map)), $"{sample.Caption}: up to {Largest(map):0.00} of probability")
            ),
            Answers = Answers is null
                ? null
                : new
                {
                    Answers.Method,
                    Maps = Answers.Maps.Zip(
                        Samples,
                        (map, sample) => Shown(Picture.OfHeat(map, Largest(map)), $"{sample.Caption}, {Answers.Method}")
                    ),
                },
            Scale = Picture.Scale.ToDataUri(),
        };

    IEnumerable<object> Strip(IReadOnlyList<ShownImage> images) => images.Select(Shown);

    object Shown(ShownImage image) => Shown(Picture.Of(image.Pixels, Shape, LongestSide), image.Caption);

    internal static object Shown(Picture picture, string description) => new { Address = picture.ToDataUri(), Description = description };

    static float Largest(float[,] map) => map.Cast<float>().Max();
}

/// <summary>Where in some images the answers of a network come from, by its own parts.</summary>
/// <param name="Method">The method and its source.</param>
/// <param name="Maps">For each image [h, w], at least 0, up to a factor.</param>
public sealed record AnswerGallery(string Method, IReadOnlyList<float[,]> Maps);
