using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>The second moments of rows in float64, in one pass, with memory for one matrix and one block of rows.</summary>
/// <remarks>Moments are taken about the mean of the first block, so that no digits cancel for values far from 0.</remarks>
sealed class MomentAccumulator(int width) : IDisposable
{
    const int BlockLength = 512;

    readonly double[] _block = new double[BlockLength * width];
    readonly Tensor _products = zeros(width, width, dtype: float64);
    readonly Tensor _sums = zeros(width, dtype: float64);
    Tensor? _origin;
    int _pending;

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>The next row, to be filled by the caller.</summary>
    public Span<double> Next()
    {
        if (_pending == BlockLength)
            Flush();
        Count++;
        return _block.AsSpan(_pending++ * width, width);
    }

    /// <summary>The covariance, divided by the number of rows (not by that minus one), and the mean.</summary>
    public (double[,] Covariance, double[] Mean) Finish()
    {
        Flush();
        using var scope = NewDisposeScope();
        var offset = _sums / Count;
        var covariance = _products / Count - offset.outer(offset);
        var values = covariance.contiguous().data<double>().ToArray();
        var matrix = new double[width, width];
        Buffer.BlockCopy(values, 0, matrix, 0, sizeof(double) * values.Length);
        return (matrix, (offset + _origin!).data<double>().ToArray());
    }

    public void Dispose()
    {
        _products.Dispose();
        _sums.Dispose();
        _origin?.Dispose();
    }

    void Flush()
    {
        if (_pending == 0)
            return;
        using var scope = NewDisposeScope();
        var rows = tensor(_block, [BlockLength, width]).slice(0, 0, _pending, 1);
        _origin ??= rows.mean([0L]).DetachFromDisposeScope();
        var centred = rows - _origin;
        _products.add_(centred.t().mm(centred));
        _sums.add_(centred.sum(dim: 0));
        _pending = 0;
    }
}
