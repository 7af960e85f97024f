using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>The rows of a sample as they are measured, with and without noise: the rows themselves, or the output of a network.</summary>
/// <remarks>
/// A spectral entropy depends on the scale of the rows. A noise must get no credit for stretching or contracting them, because a network
/// can undo that. So noisy rows are multiplied by one number that gives them the total variance of the clean rows.
/// </remarks>
sealed class AdviceRows
{
    readonly MLContext _context;
    readonly string _columnName;
    readonly AdviceOptions _options;
    readonly AdviceSample _sample;
    readonly DataViewRowId[] _ids;
    readonly double _variance;

    /// <exception cref="ArgumentException">There is a network without a column to measure, or the reverse.</exception>
    /// <exception cref="InvalidOperationException">All rows are equal.</exception>
    public AdviceRows(MLContext context, string columnName, AdviceSample sample, AdviceOptions options)
    {
        if (options.Network is null != options.MeasuredColumnName is null)
            throw new ArgumentException("Network and MeasuredColumnName go together. Set both, or neither.", nameof(options));
        (_context, _columnName, _sample, _options) = (context, columnName, sample, options);
        _ids = [.. Enumerable.Range(0, sample.RowCount).Select(row => new DataViewRowId((ulong)row, 0))];
        Clean = Represent(sample.Values);
        _variance = TotalVariance(Clean);
        if (_variance == 0)
            throw new InvalidOperationException(
                $"Column '{options.MeasuredColumnName ?? columnName}' is constant over all "
                    + $"{sample.RowCount} rows, so noise cannot change its information."
            );
    }

    /// <summary>The rows without noise, one after the other.</summary>
    public double[] Clean { get; }

    /// <summary>Values of one measured row.</summary>
    public int Length => Clean.Length / _sample.RowCount;

    /// <summary>The typical deviation of an element of the column from its mean over the rows.</summary>
    public double ElementScale =>
        Math.Sqrt(TotalVariance([.. _sample.Values.Select(value => (double)value)]) * _sample.RowCount / _sample.Values.Length);

    /// <summary>Rows that share a batch.</summary>
    public int BatchRows => Math.Min(_options.BatchSize, _sample.RowsPerBlock);

    /// <summary>The rows with noise, scaled to the total variance of the clean rows.</summary>
    public double[] Noisy(NoiseDefinition noise, int stream)
    {
        var noisy = Represent(Perturb(noise, seed: (ulong)(uint)_options.Seed << 32 | (uint)stream));
        var rescale = TotalVariance(noisy) is > 0 and var variance ? Math.Sqrt(_variance / variance) : 1;
        for (var i = 0; i < noisy.Length; i++)
            noisy[i] *= rescale;
        return noisy;
    }

    float[] Perturb(NoiseDefinition noise, ulong seed)
    {
        var kernel = NoiseKernel.Create(noise, _sample.Dimensions);
        var rows = (float[])_sample.Values.Clone();
        for (var block = 0; block < _sample.Blocks; block++)
        {
            for (var row = 0; row < _sample.RowsPerBlock; row += _options.BatchSize)
            {
                var (first, count) = (block * _sample.RowsPerBlock + row, Math.Min(_options.BatchSize, _sample.RowsPerBlock - row));
                kernel.Apply(rows.AsSpan(first * kernel.RowLength, count * kernel.RowLength), count, seed, _ids.AsSpan(first, count));
            }
        }
        return rows;
    }

    double[] Represent(float[] rows)
    {
        if (_options.Network is not { } network)
            return [.. rows.Select(value => (double)value)];
        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Values)];
        (column.ColumnName, column.ColumnType) = (_columnName, new VectorDataViewType(NumberDataViewType.Single, _sample.Dimensions));
        var view = network.Transform(
            _context.Data.LoadFromEnumerable(
                rows.Chunk(rows.Length / _sample.RowCount).Select(values => new Row { Values = values }),
                schema
            )
        );
        var (features, _) = FeatureColumn.Read(view, _options.MeasuredColumnName!, null, new());
        return features.Values;
    }

    double TotalVariance(double[] rows)
    {
        var length = rows.Length / _sample.RowCount;
        var (means, squares, differences) = (new double[length], 0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
            means[i % length] += rows[i] / _sample.RowCount;
        for (var i = 0; i < rows.Length; i++)
        {
            squares += rows[i] * rows[i];
            differences += (rows[i] - means[i % length]) * (rows[i] - means[i % length]);
        }
        // If all rows are equal, rounding leaves a remainder that is not variance.
        return differences > 1e-24 * squares ? differences / _sample.RowCount : 0;
    }

    sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
