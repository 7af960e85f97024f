using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Onnx;

/// <summary>The format in which a file takes its pixels.</summary>
public enum PixelInput
{
    /// <summary>Single-precision floats from 0 to 255, [N, C, H, W], like the columns of this project.</summary>
    FloatPlanar,

    /// <summary>Bytes, [N, H, W, C], as decoders return them, with a quarter of the memory traffic.</summary>
    ByteInterleaved,
}

/// <summary>The format in which a file stores the trained arrays.</summary>
public enum WeightPrecision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>
    /// Half precision, in half the bytes. Loading the file converts the arrays back, so it computes as fast as in single precision.
    /// </summary>
    Float16,
}

/// <summary>The content of an ONNX file besides the network, and the check of the file.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// The names of the classes in the order of the scores. Without them, users of the file get scores but no predicted label.
    /// </summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>
    /// The noise that was put on the pixels in training. It is recorded, and applied if <see cref="InputNoiseScope"/> is
    /// <see cref="NoiseScope.Always"/>.
    /// </summary>
    public NoiseDefinition? InputNoise { get; init; }

    /// <summary>The hash of the data set that the network was trained on. The metadata record it.</summary>
    public string? TrainManifestSha256 { get; init; }

    /// <summary>Further entries of the file's metadata. They override the exporter's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file takes images of any height and width. A convolutional network can, a transformer cannot.</summary>
    public bool AnyImageSize { get; init; }

    /// <summary>
    /// Whether <see cref="InputNoise"/> is recorded or becomes a part of the graph. In the graph, a linear transform is exact. Random noise
    /// is drawn anew at every run, so scores vary. Noise across the batch makes the file transductive, and its metadata say so.
    /// </summary>
    public NoiseScope InputNoiseScope
    {
        get;
        init => field = DefinedValue.Require(value);
    } = NoiseScope.Training;

    /// <summary>The format in which the file takes its pixels.</summary>
    public PixelInput PixelInput
    {
        get;
        init => field = DefinedValue.Require(value);
    } = PixelInput.FloatPlanar;

    /// <summary>The format in which the file stores the trained arrays.</summary>
    public WeightPrecision WeightPrecision
    {
        get;
        init => field = DefinedValue.Require(value);
    } = WeightPrecision.Float32;

    /// <summary>The version of ONNX's operator set, 17 to 21.</summary>
    public int Opset { get; init; } = OnnxExporter.Opset;

    /// <summary>
    /// The bytes of trained arrays above which they go into a second file, <c>model.onnx.0123456789ab.data</c>, named by their hash. One
    /// ONNX file holds at most 2 GiB.
    /// </summary>
    public long ExternalDataAbove { get; init; } = int.MaxValue - (1 << 20);

    /// <summary>
    /// What the logits are divided by before the softmax, above 0. The scores are then softmax(logits / temperature), and the class stays
    /// what it was. The output of the logits is not divided. Fit it on validation rows (Guo et al., ICML 2017).
    /// </summary>
    public double Temperature
    {
        get;
        init =>
            field =
                value > 0 && double.IsFinite(value)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "Temperature must be a finite number above 0.");
    } = 1;

    /// <summary>The largest accepted difference between file and network.</summary>
    internal double Tolerance => WeightPrecision == WeightPrecision.Float16 ? OnnxExporter.HalfTolerance : OnnxExporter.Tolerance;

    /// <summary>
    /// Real rows of raw pixels, one after the other, on which file and network are compared. Empty for seeded random pixels.
    /// </summary>
    public ReadOnlyMemory<float> ValidationRows { get; init; }
}

/// <summary>A written and checked ONNX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Opset">The version of ONNX's operator set.</param>
/// <param name="MaxAbsDifference">The largest absolute difference between an output in ONNX Runtime and in the network, over batches of 1,
/// 2 and 7 rows.</param>
/// <param name="ParameterCount">The number of trained values.</param>
public sealed record OnnxExportResult(string Path, int Opset, double MaxAbsDifference, long ParameterCount)
{
    /// <summary>"'model.onnx': 12,345 parameters, operator set 17, at most 1e-06 from the network"</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"'{Path}': {ParameterCount:N0} parameters, operator set {Opset}, at most {MaxAbsDifference:g3} from the network"
        );
}
