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

    /// <summary>The network that all below is about.</summary>
    public string? Network { get; init; }

    /// <summary>Where it takes its information from; null for one that does not count it.</summary>
    public InformationGallery? Information { get; init; }

    /// <summary>For each sample [h, w], the probability that the answer loses when a cell is covered; none where it was not
    /// tried.</summary>
    public IReadOnlyList<float[,]> Occlusions { get; init; } = [];

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
            Information = Information is null ? null : new { Information.Network, Layers = Information.Shown(Samples) },
            HasOcclusions = Occlusions.Count > 0,
            Occlusions = Occlusions.Zip(
                Samples,
                (map, sample) => Shown(Picture.OfHeat(map, Largest(map)), $"{sample.Caption}: up to {Largest(map):0.00} of probability")
            ),
            Scale = Picture.Scale.ToDataUri(),
        };

    IEnumerable<object> Strip(IReadOnlyList<ShownImage> images) => images.Select(Shown);

    object Shown(ShownImage image) => Shown(Picture.Of(image.Pixels, Shape, LongestSide), image.Caption);

    internal static object Shown(Picture picture, string description) => new { Address = picture.ToDataUri(), Description = description };

    static float Largest(float[,] map) => map.Cast<float>().Max();
}
