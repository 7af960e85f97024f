namespace NoisyNN.Pipelines.Reports;

/// <summary>An image on a page.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Pixels">C x H x W bytes.</param>
public sealed record ShownImage(string Caption, byte[] Pixels)
{
    /// <summary>From raw pixels, rounded and limited to 0..255.</summary>
    internal static ShownImage Of(string caption, ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(pixels[i]), 0, 255);
        return new ShownImage(caption, bytes);
    }
}

/// <summary>Some images under a noise.</summary>
/// <param name="Name">The noise, its strength included.</param>
/// <param name="Images">The images under it.</param>
public sealed record NoiseStrip(string Name, IReadOnlyList<ShownImage> Images);

/// <summary>A test image that a network gets wrong.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Probability">What the network gives its class.</param>
/// <param name="Predicted">The class that the network gives it.</param>
/// <param name="Confidence">The probability of that one.</param>
/// <param name="Image">The image, with its name in the data.</param>
public sealed record ShownError(string Label, double Probability, string Predicted, double Confidence, ShownImage Image);
