using System.Globalization;

namespace NoisyNN.Transforms.Images;

/// <summary>
/// How raw pixels become the numbers that a network takes. A value of a channel is <c>(Low + (High - Low) * pixel / 255 - Mean) /
/// Deviation</c>, where a pixel is a number from 0 to 255.
/// </summary>
public sealed record PixelEncoding
{
    const string RangeKey = "Image.NominalPixelRange";

    /// <summary>Raw pixels: red, green, blue from 0 to 255. Networks of this project take them, because they normalize inside.</summary>
    public static PixelEncoding Raw { get; } = new();

    /// <summary>Whether blue comes before red, as OpenCV reads images.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>What a pixel of 0 becomes, before <see cref="Mean"/> is subtracted.</summary>
    public float Low { get; init; }

    /// <summary>What a pixel of 255 becomes, before <see cref="Mean"/> is subtracted.</summary>
    public float High { get; init; } = 255;

    /// <summary>What is subtracted from each channel, in the network's order of channels; one value serves all. Empty for 0.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>What each channel is divided by, in the network's order of channels; one value serves all. Empty for 1.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = [];

    /// <summary>
    /// What a model states about its pixels under the keys <c>Image.BitmapPixelFormat</c> and <c>Image.NominalPixelRange</c> of ONNX's
    /// MetadataProps document; raw pixels where it states nothing.
    /// </summary>
    /// <exception cref="NotSupportedException">The range is none of the document's that has a fixed meaning.</exception>
    public static PixelEncoding Of(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var (low, high) = Stated(metadata, RangeKey) switch
        {
            null or "NominalRange_0_255" => (0f, 255f),
            "Normalized_0_1" => (0f, 1f),
            "Normalized_1_1" => (-1f, 1f),
            "NominalRange_16_235" => (16f, 235f),
            var range => throw new NotSupportedException(
                $"The model states pixels of the range '{range}', which is unknown. Prepare them in a column of "
                    + "numbers, or state the range "
                    + "(--range LOW..HIGH, Options.PixelEncoding in code)."
            ),
        };
        return new()
        {
            BlueFirst = Stated(metadata, "Image.BitmapPixelFormat")?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) == true,
            Low = low,
            High = high,
        };
    }

    /// <summary>
    /// Whether a model says that it takes pixels from 0 to 255, or scaled ones; null where it says nothing that is known.
    /// </summary>
    internal static bool? TakesRaw(IReadOnlyDictionary<string, string> metadata) =>
        Stated(metadata, RangeKey) switch
        {
            "NominalRange_0_255" => true,
            "Normalized_0_1" or "Normalized_1_1" => false,
            _ => null,
        };

    /// <summary>The encoding in words, as <c>bgr, 0..1</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(BlueFirst ? "bgr" : "rgb")}, {Low}..{High}")
        + (Mean.Count > 0 ? $", minus {Text(Mean)}" : "")
        + (Deviation.Count > 0 ? $", divided by {Text(Deviation)}" : "");

    /// <summary>Whether values are raw pixels, and so whole numbers.</summary>
    internal bool KeepsValues => Low == 0 && High == 255 && Mean.All(mean => mean == 0) && Deviation.All(deviation => deviation == 1);

    /// <summary>The channel of the image that becomes a channel of the network. Alpha stays last.</summary>
    internal int SourceOf(int channel, int channelCount) => BlueFirst && channelCount >= 3 && channel < 3 ? 2 - channel : channel;

    /// <summary>The factor and the summand of a channel of the network.</summary>
    internal (float Scale, float Offset) Of(int channel)
    {
        var deviation = Value(Deviation, channel, 1);
        return ((High - Low) / 255 / deviation, (Low - Value(Mean, channel, 0)) / deviation);
    }

    /// <exception cref="ArgumentException">The encoding does not fit images of so many channels.</exception>
    internal void Validate(int channelCount)
    {
        if (!float.IsFinite(Low) || !float.IsFinite(High) || High == Low)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A range of pixels has two different ends, not {Low}..{High}.")
            );
        foreach (var (values, name) in ((IReadOnlyList<float>, string)[])[(Mean, "mean"), (Deviation, "deviation")])
            if (values.Count > 1 && values.Count != channelCount || values.Any(value => !float.IsFinite(value)))
                throw new ArgumentException(
                    $"The {name} of the pixels is {Text(values)}; give one finite number, or one for each of the {channelCount} channels."
                );
        if (Deviation.Any(deviation => deviation <= 0))
            throw new ArgumentException($"The deviation of the pixels is {Text(Deviation)}; it must be above 0.");
        if (BlueFirst && channelCount < 3)
            throw new ArgumentException("Grey images have no order of channels; leave out bgr.");
    }

    /// <summary>Encodes planar raw pixels.</summary>
    /// <param name="planar">Pixels [C, H, W].</param>
    /// <param name="destination">Values of the same number.</param>
    /// <param name="channelCount">C.</param>
    /// <param name="interleaved">Whether the values are [H, W, C] instead of [C, H, W].</param>
    internal void Encode(ReadOnlySpan<float> planar, Span<float> destination, int channelCount, bool interleaved)
    {
        var area = planar.Length / channelCount;
        var (pixelStep, channelStep) = interleaved ? (channelCount, 1) : (1, area);
        for (var channel = 0; channel < channelCount; channel++)
        {
            var source = planar.Slice(SourceOf(channel, channelCount) * area, area);
            var (scale, offset) = Of(channel);
            for (var pixel = 0; pixel < area; pixel++)
                destination[channel * channelStep + pixel * pixelStep] = source[pixel] * scale + offset;
        }
    }

    static float Value(IReadOnlyList<float> values, int channel, float missing) =>
        values.Count == 0 ? missing
        : values.Count == 1 ? values[0]
        : values[channel];

    static string Text(IReadOnlyList<float> values) =>
        string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    static string? Stated(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
}
