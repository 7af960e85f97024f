using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace NoisyNN.Transforms.Images.Ranges;

/// <summary>
/// Looks at pixels on their way into a network, until some show their range, and warns once if it is not the one that the network takes.
/// It only warns: a single dark image can look scaled.
/// </summary>
/// <param name="context">Its log gets the warning.</param>
/// <param name="columnName">The column of pixels.</param>
/// <param name="network">The network, for the message.</param>
/// <param name="takesRaw">Whether it takes 0 to 255; otherwise 0 to 1, or -1 to 1.</param>
sealed class PixelRangeCheck(MLContext context, string columnName, string network, bool takesRaw)
{
    int _isKnown;

    public void Look(ReadOnlySpan<float> pixels)
    {
        if (Volatile.Read(ref _isKnown) != 0)
            return;
        var range = PixelRange.Of(pixels);
        if (range.IsBlank || Interlocked.Exchange(ref _isKnown, 1) != 0)
            return;
        if (takesRaw ? !range.LooksScaled : !range.LooksRaw)
            return;
        using var channel = ((IHostEnvironment)context).Register(nameof(PixelRangeCheck)).Start("Read");
        channel.Warning(
            MessageSensitivity.None,
            takesRaw
                ? "The column '{0}' has values from {1}, which look scaled, but {2} takes raw pixels, 0 to 255. "
                    + "Leave out scaleImage and offsetImage of ExtractPixels, or multiply the column by 255."
                : "The column '{0}' has values from {1}, which look like raw pixels, but {2} takes scaled ones. "
                    + "Give ExtractPixels scaleImage: 1 / 255f, or divide the column by 255.",
            columnName,
            range,
            network
        );
    }
}
