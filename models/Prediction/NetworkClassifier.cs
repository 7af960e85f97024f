using System.Runtime.InteropServices;
using NoisyNN.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// Classifies with a network in inference mode, without gradients. The network belongs to the caller. Calls may come from several threads
/// as long as nobody trains the network or changes its noise meanwhile.
/// </summary>
public sealed class NetworkClassifier : IBatchClassifier
{
    readonly Classifier _network;
    readonly Device _device;

    /// <summary>Puts the network into evaluation; it must be on the device, by default the CPU.</summary>
    public NetworkClassifier(Classifier network, Device? device = null)
    {
        _network = network;
        _device = device ?? CPU;
        _network.eval();
    }

    /// <inheritdoc/>
    public int InputLength => _network.InputLength;

    /// <inheritdoc/>
    public int ClassCount => _network.ClassCount;

    /// <inheritdoc/>
    public void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        var inputCount = checked(rowCount * InputLength);
        var outputCount = checked(rowCount * ClassCount);
        if (rows.Length < inputCount)
            throw new ArgumentException(
                $"{rowCount} rows of {InputLength} values are {inputCount} values; {rows.Length} were given.",
                nameof(rows)
            );
        if (logits.Length < outputCount)
            throw new ArgumentException(
                $"{rowCount} rows of {ClassCount} logits need {outputCount} places; {logits.Length} were given.",
                nameof(logits)
            );

        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        if (_network.training)
            _network.eval();

        var input = empty([rowCount, .. _network.InputShape.Select(size => (long)size)], ScalarType.Float32);
        MemoryMarshal.AsBytes(rows[..inputCount]).CopyTo(input.bytes);
        var output = _network.call(input.to(_device)).cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(output.bytes).CopyTo(logits);
    }
}
