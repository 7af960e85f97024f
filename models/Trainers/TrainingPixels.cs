using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Images.Ranges;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Trainers;

/// <summary>Whether training pixels, and the noise on them, have the range that the network's normalisation takes.</summary>
static class TrainingPixels
{
    // Spread over all rows, as the first ones may be dark.
    const int SampleRows = 64;

    // After the normalisation raw pixels, 0 to 255, span 1 or more; pixels of 0 to 1 span 0.02 where its deviation is 0.2.
    const double LeastSpan = 0.1;

    /// <exception cref="ArgumentException">All pixels look as if divided by 255 already.</exception>
    public static void ThrowIfScaled(RowStore rows, ImageNetworkConfiguration network, string columnName)
    {
        var count = Math.Min(SampleRows, rows.Count);
        int[] sample = [.. Enumerable.Range(0, count).Select(index => (int)((long)index * rows.Count / count))];
        var pixels = new float[count * rows.RowLength];
        rows.Gather(sample, pixels, new long[count], new DataViewRowId[count]);
        var range = PixelRange.Of(pixels);
        if (range.IsBlank || !(range.LooksScaled || range.Greatest <= 1))
            return;
        // A normalisation that was set for such values, or computed from a nearly black data set, gives them their span.
        var (scale, _) = network.Normalization();
        if ((range.Greatest - range.Least) * scale.Max() >= LeastSpan)
            return;
        throw new ArgumentException(
            $"The pixel column '{columnName}' has values from {range}, which look scaled, but the network takes raw pixels, 0 to 255, "
                + "and normalises them itself. Leave out scaleImage and offsetImage of ExtractPixels, or multiply the column by 255."
        );
    }

    /// <summary>Noise of a strength for pixels of 0 to 1 does nothing to raw ones.</summary>
    public static void WarnOfWeakNoise(NoiseDefinition? noise, IChannel channel)
    {
        if (noise is not null && noise.IsLostInRounding(step: 1))
            channel.Warning(
                MessageSensitivity.None,
                "InputNoise is {0} noise of less than one level of a pixel. Its strength is in the units of pixels, 0 to 255: "
                    + "multiply it by 255 if it was meant for 0 to 1.",
                noise.Name
            );
    }
}
