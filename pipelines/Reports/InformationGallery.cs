using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Templates;

namespace NoisyNN.Pipelines.Reports;

/// <summary>Where in some images each noise layer of a network takes its information from.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Layers">The layers, first layer first.</param>
public sealed record InformationGallery(string Network, IReadOnlyList<InformationLayer> Layers)
{
    /// <summary>What the template <c>information.liquid</c> shows.</summary>
    internal IEnumerable<object> Shown(IReadOnlyList<ShownImage> images) =>
        Layers.Select(layer => new
        {
            layer.Name,
            layer.MeanNats,
            layer.Maximum,
            Height = layer.Maps[0].GetLength(0),
            Width = layer.Maps[0].GetLength(1),
            Maps = layer.Maps.Zip(
                images,
                (map, image) =>
                    RunPictures.Shown(
                        Picture.OfHeat(map, layer.Maximum),
                        $"{image.Caption}, {layer.Name}: up to {ReportFigures.Nats(InformationLayer.MaximumOf(map))}"
                    )
            ),
        });
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
