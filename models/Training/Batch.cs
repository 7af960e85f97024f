using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>Room for one batch, used again and again: another thread writes straight into the tensors that the training step reads.</summary>
sealed class Batch : IDisposable
{
    readonly Tensor _pixels;
    readonly Tensor _classes;
    readonly DataViewRowId[] _ids;

    public Batch(int size, long channels, long height, long width)
    {
        _pixels = empty(size, channels, height, width, ScalarType.Float32).DetachFromDisposeScope();
        _classes = empty(size, ScalarType.Int64).DetachFromDisposeScope();
        _ids = new DataViewRowId[size];
    }

    /// <summary>The rows in use; the last batch of an epoch may be smaller than the others.</summary>
    public int Count { get; private set; }

    /// <summary>[Count, C, H, W]</summary>
    public Tensor Pixels => Count == _ids.Length ? _pixels : _pixels.narrow(0, 0, Count);

    /// <summary>[Count], 64-bit integers.</summary>
    public Tensor Classes => Count == _ids.Length ? _classes : _classes.narrow(0, 0, Count);

    public Span<float> PixelValues => MemoryMarshal.Cast<byte, float>(_pixels.bytes);

    public ReadOnlySpan<DataViewRowId> Ids => _ids.AsSpan(0, Count);

    public void Fill(LabelledPixels source, ReadOnlySpan<int> rows)
    {
        Count = rows.Length;
        source.Gather(rows, PixelValues, MemoryMarshal.Cast<byte, long>(_classes.bytes), _ids);
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _classes.Dispose();
    }
}
