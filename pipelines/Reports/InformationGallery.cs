using System.Globalization;
using System.Text;
using NoisyNN.Transforms.Images;
using static NoisyNN.Pipelines.Reports.ReportPage;

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

    /// <summary>The section of a report.</summary>
    internal void Render(StringBuilder page)
    {
        page.Append(
            $"""
            <section>
            <h2>Where the information comes from</h2>
            <p>Every unit of the <b>{Text(
                Network
            )}</b> network learns how much noise it adds, and so how much it lets through of what it sees. A map shows, for each place of a
            block's output, the nats of all its channels above those of the image's cheapest place: white is what the network pays least attention to. (Achille and Soatto, 2016.)</p>
            <div class="scroll"><table class="gallery">
            <thead><tr><th></th>
            """
        );
        foreach (var (label, _) in Images)
            page.Append($"<th>{Text(label)}</th>");
        page.Append("</tr></thead><tbody><tr><th>image</th>");
        foreach (var (label, pixels) in Images)
            page.Append(Cell(Picture.Of(pixels, Shape, LongestSide), label));
        page.Append("</tr>");
        foreach (var layer in Layers)
        {
            var (height, width) = (layer.Maps[0].GetLength(0), layer.Maps[0].GetLength(1));
            page.Append(
                $"""
                <tr><th>{Text(layer.Name)}<br><span class="small">{height} × {width} places{(
                    layer.MeanNats is { } mean ? $"<br>{Nats(mean)} an image" : ""
                )}</span>
                <img class="scale" alt="colours from 0 to {Nats(
                    layer.Maximum
                )}" src="{Picture.Scale.ToDataUri()}"><span class="small ends"><span>0</span><span>{Nats(layer.Maximum)}</span></span></th>
                """
            );
            for (var i = 0; i < Images.Count; i++)
                page.Append(
                    Cell(
                        Picture.OfHeat(layer.Maps[i], layer.Maximum),
                        $"{Images[i].Label}, {layer.Name}: up to {Nats(InformationLayer.MaximumOf(layer.Maps[i]))}"
                    )
                );
            page.Append("</tr>");
        }
        page.Append(
            $"""
            </tbody></table></div>
            <p class="small">The first test images of each class, in the order of the data: none was picked. Noise off. A layer's maps share one scale, in nats a place;
            "nats an image" is what the layer let through of a training image in the chosen epoch, the part that all places share included.</p>
            </section>

            """
        );
    }

    static string Cell(Picture picture, string description) =>
        $"""<td><img alt="{Text(description)}" title="{Text(description)}" src="{picture.ToDataUri()}"></td>""";

    static string Nats(double nats) =>
        (nats >= 10 ? nats.ToString("N0", CultureInfo.InvariantCulture) : nats.ToString("G2", CultureInfo.InvariantCulture)) + " nats";
}

/// <summary>A noise layer and its map of each image.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Maps">For each image [h, w]: nats at each place, above the place with the least.</param>
/// <param name="MeanNats">What the layer lets through of an image, all places together, as a mean over training rows; null if
/// unknown.</param>
public sealed record InformationLayer(string Name, IReadOnlyList<float[,]> Maps, double? MeanNats)
{
    /// <summary>The most at any place of any image, nats.</summary>
    public double Maximum => Maps.Max(MaximumOf);

    internal static double MaximumOf(float[,] map) => map.Cast<float>().Max();
}
