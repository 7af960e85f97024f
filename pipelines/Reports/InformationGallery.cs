using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Reports;

/// <summary>Some images and where in them each noise layer of a network takes its information from.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Shape">The size of the images.</param>
/// <param name="Images">The images, each as C x H x W bytes, with the names of their classes.</param>
/// <param name="Layers">The layers, first layer first.</param>
public sealed record InformationGallery(
    string Network,
    ImageShape Shape,
    IReadOnlyList<(string Label, byte[] Pixels)> Images,
    IReadOnlyList<InformationLayer> Layers
)
{
    const int LongestSide = 96;

    /// <summary>What the template <c>information.liquid</c> shows.</summary>
    internal object Pictures() =>
        new
        {
            Network,
            Labels = Images.Select(image => image.Label),
            Images = Images.Select(image => Shown(Picture.Of(image.Pixels, Shape, LongestSide), image.Label)),
            Scale = Picture.Scale.ToDataUri(),
            Layers = Layers.Select(layer => new
            {
                layer.Name,
                layer.MeanNats,
                layer.Maximum,
                Height = layer.Maps[0].GetLength(0),
                Width = layer.Maps[0].GetLength(1),
                Maps = layer.Maps.Zip(
                    Images,
                    (map, image) =>
                        Shown(
                            Picture.OfHeat(map, layer.Maximum),
                            $"{image.Label}, {layer.Name}: up to {ReportFigures.Nats(InformationLayer.MaximumOf(map))}"
                        )
                ),
            }),
        };

    static object Shown(Picture picture, string description) => new { Address = picture.ToDataUri(), Description = description };
}

/// <summary>A noise layer and its map of each image.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Maps">For each image [h, w]: nats at each place, above the place with the least.</param>
/// <param name="MeanNats">The KL of an image at the layer, all places together, as a mean over training rows; null if
/// unknown.</param>
public sealed record InformationLayer(string Name, IReadOnlyList<float[,]> Maps, double? MeanNats)
{
    /// <summary>The most at any place of any image, nats.</summary>
    public double Maximum => Maps.Max(MaximumOf);

    internal static double MaximumOf(float[,] map) => map.Cast<float>().Max();
}
