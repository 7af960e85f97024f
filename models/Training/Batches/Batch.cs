using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.ImageAugmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Batches;

/// <summary>
/// Room for the rows of one step, used again and again: another thread writes straight into the tensors that the training step reads.
/// </summary>
sealed class Batch : IDisposable
{
    readonly Tensor _pixels;
    readonly Tensor _classes;
    readonly Tensor _partners;
    readonly DataViewRowId[] _ids;
    int _start;

    /// <param name="size">The most rows.</param>
    /// <param name="rowShape">The shape of a row, such as [C, H, W].</param>
    public Batch(int size, IReadOnlyList<int> rowShape)
    {
        _pixels = empty([size, .. rowShape.Select(length => (long)length)], ScalarType.Float32).DetachFromDisposeScope();
        _classes = empty(size, ScalarType.Int64).DetachFromDisposeScope();
        _partners = empty(size, ScalarType.Int64).DetachFromDisposeScope();
        _ids = new DataViewRowId[size];
    }

    /// <summary>The most rows.</summary>
    public int Size => _ids.Length;

    /// <summary>The rows that this process computes; the last batch of an epoch may be smaller than the others.</summary>
    public int Count { get; private set; }

    /// <summary>The rows of the step, those of other processes included. The loss is a mean over them.</summary>
    public int StepCount { get; private set; }

    /// <summary>[Count, ...], the rows in their shape.</summary>
    public Tensor Pixels => InUse(_pixels);

    /// <summary>[Count], 64-bit integers.</summary>
    public Tensor Classes => InUse(_classes);

    /// <summary>[Count], the classes of the rows that were mixed into these; of use while <see cref="Share"/> is below 1.</summary>
    public Tensor Partners => InUse(_partners);

    /// <summary>How much of each row is its own; 1 unless rows were mixed.</summary>
    public double Share { get; private set; } = 1;

    public Span<float> PixelValues => MemoryMarshal.Cast<byte, float>(_pixels.bytes);

    public ReadOnlySpan<DataViewRowId> Ids => _ids.AsSpan(0, Count);

    public void Fill(RowStore source, ReadOnlySpan<int> rows)
    {
        (Count, StepCount, Share, _start) = (rows.Length, rows.Length, 1, 0);
        source.Gather(rows, PixelValues, MemoryMarshal.Cast<byte, long>(_classes.bytes), _ids);
    }

    /// <summary>Leaves some of the rows in use; the others are those of other processes.</summary>
    /// <param name="start">The first that stays.</param>
    /// <param name="count">How many stay.</param>
    /// <param name="stepCount">The rows of the step.</param>
    public void Keep(int start, int count, int stepCount) => (_start, Count, StepCount) = (start, count, stepCount);

    /// <summary>Mixes the rows in pairs by <see cref="Mixup"/>.</summary>
    public void Mix(double share, int rowLength, Span<float> scratch)
    {
        Share = share;
        Mixup.Mix(PixelValues[..(Count * rowLength)], rowLength, scratch, (float)share);
        var classes = MemoryMarshal.Cast<byte, long>(_classes.bytes)[..Count];
        var partners = MemoryMarshal.Cast<byte, long>(_partners.bytes)[..Count];
        classes.CopyTo(partners);
        partners.Reverse();
    }

    Tensor InUse(Tensor all) => Count == _ids.Length ? all : all.narrow(0, _start, Count);

    public void Dispose()
    {
        _partners.Dispose();
        _pixels.Dispose();
        _classes.Dispose();
    }
}
