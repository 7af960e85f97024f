using MathNet.Numerics.Distributions;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy;

/// <summary>
/// Measures every noise on the same disjoint blocks of rows. A block gives one difference of mutual information, with noise minus without, on the same rows, with
/// the same σ and the same random subsets; the blocks are independent, so that Student's t gives an interval, at the level of Bonferroni for the number of noises.
/// </summary>
/// <remarks>
/// A spectral entropy depends on the scale of the rows. So that a noise is not credited with merely stretching or contracting them, which no network minds, noisy rows are
/// multiplied by one number that gives them the total variance of the clean ones.
/// </remarks>
internal sealed class NoiseAdvisor
{
    private readonly MLContext _context;
    private readonly string _columnName;
    private readonly AdviceOptions _options;
    private readonly AdviceSample _sample;
    private readonly DataViewRowId[] _ids;

    public NoiseAdvisor(MLContext context, string columnName, AdviceSample sample, AdviceOptions options)
    {
        if (options.Bandwidth.Neighbors is not null)
            throw new ArgumentException("An adaptive bandwidth follows the rows, so that noise changes it; the advice compares at one σ. Take the median distance or give σ.", nameof(options));
        if (options.Network is null != options.MeasuredColumnName is null)
            throw new ArgumentException("A network and the column of its output that is measured go together.", nameof(options));
        (_context, _columnName, _sample, _options) = (context, columnName, sample, options);
        _ids = [.. Enumerable.Range(0, sample.RowCount).Select(row => new DataViewRowId((ulong)row, 0))];
    }

    public NoiseAdvice Advise(CancellationToken cancellation)
    {
        var clean = Represent(_sample.Values);
        var variance = TotalVariance(clean);
        if (variance == 0)
            throw new InvalidOperationException($"Column '{_options.MeasuredColumnName ?? _columnName}' is constant over all {_sample.RowCount} rows; no noise can change what it tells.");
        var candidates = _options.Candidates ?? NoiseCandidates.Of(_sample.Dimensions, ElementScale());
        if (candidates.Count == 0)
            throw new InvalidOperationException("There is no noise to rank: the list of candidates is empty.");
        foreach (var noise in candidates)
            Require(noise);

        var sigma = KernelRows.Prepare(new(clean, clean.Length / _sample.RowCount), new() { Bandwidth = _options.Bandwidth, Seed = _options.Seed }).Sigma;
        var quantile = StudentT.InvCDF(0, 1, _sample.Blocks - 1, 1 - (1 - _options.Confidence) / (2 * candidates.Count));
        var before = Information(clean, sigma, cancellation);
        var ranking = candidates.Select((noise, index) => (Noise: noise, Index: index, Measured: Change(before, Information(Noisy(noise, index), sigma, cancellation))))
            .OrderByDescending(one => one.Measured.Change)
            .Select(one => (one.Index, Ranked: new RankedNoise(one.Noise, before.Average() + one.Measured.Change, one.Measured, one.Noise.EntropyChange(MixedRows(one.Noise)))))
            .ToList();
        return new()
        {
            Ranking = [.. ranking.Select(one => one.Ranked)],
            OtherBandwidths = ranking.FirstOrDefault(one => one.Ranked.Effect == NoiseEffect.Helps) is { Ranked: { } best } first ? OtherBandwidths(best.Noise, first.Index) : [],
            Dsmi = before.Average(),
            Sigma = sigma,
            BandwidthRule = _options.Bandwidth.Rule,
            Blocks = _sample.Blocks,
            RowsPerBlock = _sample.RowsPerBlock,
            TotalRows = _sample.TotalRows,
            Confidence = _options.Confidence,
            Notes = _sample.LeftOut.Count == 0 ? [] : [$"left out, as they have fewer than two rows for each block: {string.Join(", ", _sample.LeftOut)}"],
        };

        double[] Noisy(NoiseDefinition noise, int index)
        {
            var noisy = Represent(Perturb(noise, seed: (ulong)(uint)_options.Seed << 32 | (uint)index));
            var rescale = TotalVariance(noisy) is > 0 and var spread ? Math.Sqrt(variance / spread) : 1;
            for (var i = 0; i < noisy.Length; i++)
                noisy[i] *= rescale;
            return noisy;
        }

        MeasuredChange Change(double[] without, double[] with)
        {
            var changes = with.Zip(without, (noisy, clean) => noisy - clean).ToArray();
            var mean = changes.Average();
            var reach = quantile * Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1) / changes.Length);
            return new(mean, mean - reach, mean + reach);
        }

        IReadOnlyList<(double, MeasuredChange)> OtherBandwidths(NoiseDefinition noise, int index)
        {
            var noisy = Noisy(noise, index);
            return [.. new[] { sigma / 2, 2 * sigma }.Select(other => (other, Change(Information(clean, other, cancellation), Information(noisy, other, cancellation))))];
        }
    }

    /// <summary>Mutual information of each block with its labels, in bits.</summary>
    private double[] Information(double[] rows, double sigma, CancellationToken cancellation)
    {
        var (length, count) = (rows.Length / _sample.RowCount, _sample.RowsPerBlock);
        return [.. Enumerable.Range(0, _sample.Blocks).Select(block =>
        {
            cancellation.ThrowIfCancellationRequested();
            FeatureMatrix features = new(rows.AsSpan(block * count * length, count * length).ToArray(), length);
            // The seed is the block's: with noise and without, classes are compared with the same rows.
            EntropyOptions options = new() { Bandwidth = Bandwidth.Of(sigma), Power = _options.Power, Seed = _options.Seed + block };
            return DiffusionEntropy.Measure(features, _sample.Classes.Select([.. Enumerable.Range(block * count, count)]), options).Dsmi!.Value;
        })];
    }

    private float[] Perturb(NoiseDefinition noise, ulong seed)
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

    /// <summary>The rows as they are measured: themselves, or what the network makes of them.</summary>
    private double[] Represent(float[] rows)
    {
        if (_options.Network is not { } network)
            return [.. rows.Select(value => (double)value)];
        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Values)];
        (column.ColumnName, column.ColumnType) = (_columnName, new VectorDataViewType(NumberDataViewType.Single, _sample.Dimensions));
        var view = network.Transform(_context.Data.LoadFromEnumerable(rows.Chunk(rows.Length / _sample.RowCount).Select(values => new Row { Values = values }), schema));
        var (features, _) = FeatureColumn.Read(view, _options.MeasuredColumnName!, null, new());
        return features.Values;
    }

    private double TotalVariance(double[] rows)
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
        // What rounding leaves of rows that are all equal is no variance.
        return differences > 1e-24 * squares ? differences / _sample.RowCount : 0;
    }

    private double ElementScale() => Math.Sqrt(TotalVariance([.. _sample.Values.Select(value => (double)value)]) * _sample.RowCount / _sample.Values.Length);

    private int MixedRows(NoiseDefinition noise) => noise is not LinearTransformNoise mixing ? 1 : mixing.Locate(_sample.Dimensions)?.Size ?? BatchRows;

    private int BatchRows => Math.Min(_options.BatchSize, _sample.RowsPerBlock);

    private void Require(NoiseDefinition noise)
    {
        NoiseKernel.Create(noise, _sample.Dimensions);
        if (noise is not LinearTransformNoise { Axis: MixAxis.Batch } mixing)
            return;
        mixing.ThrowIfSingular(BatchRows);
        if (_sample.RowsPerBlock % BatchRows is > 0 and var rest)
            mixing.ThrowIfSingular(rest);
    }

    private sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
