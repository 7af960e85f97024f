using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Onnx;

/// <summary>How a file takes its pixels.</summary>
public enum PixelInput
{
    /// <summary>Single-precision floats from 0 to 255, [N, C, H, W], as the columns of this project are.</summary>
    FloatPlanar,

    /// <summary>Bytes, [N, H, W, C], as decoders hand them out; a quarter of the memory traffic.</summary>
    ByteInterleaved,
}

/// <summary>How a file stores the trained arrays.</summary>
public enum WeightPrecision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>
    /// Half precision, in half the bytes; widened when the file is loaded, so that it computes and scores as fast as in single precision.
    /// </summary>
    Float16,
}

/// <summary>What goes into an ONNX file besides the network, and what it is checked on.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// The names of the classes in the order of the scores; without them the file carries none, and its users get scores but no predicted
    /// label.
    /// </summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>
    /// The noise that was put on the pixels in training; recorded, and applied if <see cref="InputNoiseScope"/> is
    /// <see cref="NoiseScope.Always"/>.
    /// </summary>
    public NoiseDefinition? InputNoise { get; init; }

    /// <summary>The hash of the data set that the network was trained on; recorded.</summary>
    public string? TrainManifestSha256 { get; init; }

    /// <summary>Further entries of the file's metadata; they win over the exporter's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file takes images of any height and width; a convolutional network can, a transformer cannot.</summary>
    public bool AnyImageSize { get; init; }

    /// <summary>
    /// Whether <see cref="InputNoise"/> is recorded or becomes a part of the graph. A linear transform then is exact; random noise is drawn
    /// anew at every run, so that scores vary; noise across the batch makes the file transductive, which its metadata say.
    /// </summary>
    public NoiseScope InputNoiseScope
    {
        get;
        init => field = DefinedValue.Require(value);
    } = NoiseScope.Training;

    /// <summary>How the file takes its pixels.</summary>
    public PixelInput PixelInput
    {
        get;
        init => field = DefinedValue.Require(value);
    } = PixelInput.FloatPlanar;

    /// <summary>How the file stores the trained arrays.</summary>
    public WeightPrecision WeightPrecision
    {
        get;
        init => field = DefinedValue.Require(value);
    } = WeightPrecision.Float32;

    /// <summary>The version of ONNX's operator set, 17 to 21.</summary>
    public int Opset { get; init; } = OnnxExporter.Opset;

    /// <summary>
    /// Bytes of trained arrays above which they go into a file of their own beside it, <c>model.onnx.0123456789ab.data</c> after a hash of
    /// them; one ONNX file ends at 2 GiB.
    /// </summary>
    public long ExternalDataAbove { get; init; } = int.MaxValue - (1 << 20);

    /// <summary>The largest accepted difference between file and network.</summary>
    internal double Tolerance => WeightPrecision == WeightPrecision.Float16 ? OnnxExporter.HalfTolerance : OnnxExporter.Tolerance;

    /// <summary>
    /// Real rows, raw pixels one row after the other, on which file and network are compared; seeded random pixels where there are none.
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
