using MathNet.Numerics.Distributions;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>
/// Measures every noise on the same disjoint blocks of rows. A block gives one difference of mutual information, with noise minus without,
/// on the same rows, with the same σ and the same random subsets. The blocks are independent, so Student's t gives an interval. Its level
/// has Bonferroni's correction for the number of noises.
/// </summary>
sealed class NoiseAdvisor(AdviceSample sample, AdviceRows rows, AdviceOptions options)
{
    const int RankRows = 200;

    /// <exception cref="ArgumentException">A noise does not fit the rows, or the bandwidth is adaptive.</exception>
    /// <exception cref="InvalidOperationException">A mixing is singular.</exception>
    public NoiseAdvice Advise(CancellationToken cancellation)
    {
        if (options.Bandwidth.Neighbors is not null)
            throw new ArgumentException(
                "An adaptive bandwidth follows the rows, so noise would change it. The advice "
                    + "compares noises at one σ: use the median distance, or give σ."
            );
        var candidates = options.Candidates ?? NoiseCandidates.Of(sample.Dimensions, rows.ElementScale);
        if (candidates.Count == 0)
            throw new InvalidOperationException("There is no noise to rank: the list of candidates is empty.");
        foreach (var noise in candidates)
            Require(noise);

        var sigma = KernelRows.Prepare(new(rows.Clean, rows.Length), new() { Bandwidth = options.Bandwidth, Seed = options.Seed }).Sigma;
        var quantile = StudentT.InvCDF(0, 1, sample.Blocks - 1, 1 - (1 - options.Confidence) / (2 * candidates.Count));
        var before = Information(rows.Clean, sigma, cancellation);
        var ranking = candidates
            .Select(
                (noise, index) =>
                    (Noise: noise, Index: index, Measured: Change(before, Information(rows.Noisy(noise, index), sigma, cancellation)))
            )
            .OrderByDescending(one => one.Measured.Change)
            .Select(one =>
                (
                    one.Index,
                    Ranked: new RankedNoise(
                        one.Noise,
                        before.Average() + one.Measured.Change,
                        one.Measured,
                        one.Noise.EntropyChange(MixedRows(one.Noise))
                    )
                )
            )
            .ToList();
        return new()
        {
            Ranking = [.. ranking.Select(one => one.Ranked)],
            OtherBandwidths = ranking.FirstOrDefault(one => one.Ranked.Effect == NoiseEffect.Raises) is { Ranked: { } best } first
                ? OtherBandwidths(best.Noise, first.Index)
                : [],
            LeadingRankRatio = ranking.FirstOrDefault(one => one.Ranked.Effect == NoiseEffect.Raises) is { Ranked: { } leading } at
                ? RankRatio(rows.Noisy(leading.Noise, at.Index))
                : 1,
            Dsmi = before.Average(),
            Sigma = sigma,
            BandwidthRule = options.Bandwidth.Rule,
            Blocks = sample.Blocks,
            RowsPerBlock = sample.RowsPerBlock,
            TotalRows = sample.TotalRows,
            Confidence = options.Confidence,
            Notes =
                sample.LeftOut.Count == 0
                    ? []
                    : [$"left out, as they have fewer than two rows for each block: {string.Join(", ", sample.LeftOut)}"],
        };

        MeasuredChange Change(double[] without, double[] with)
        {
            var changes = with.Zip(without, (noisy, clean) => noisy - clean).ToArray();
            var mean = changes.Average();
            var reach =
                quantile * Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1) / changes.Length);
            return new(mean, mean - reach, mean + reach);
        }

        IReadOnlyList<(double, MeasuredChange)> OtherBandwidths(NoiseDefinition noise, int index)
        {
            var noisy = rows.Noisy(noise, index);
            return
            [
                .. new[] { sigma / 2, 2 * sigma }.Select(other =>
                    (other, Change(Information(rows.Clean, other, cancellation), Information(noisy, other, cancellation)))
                ),
            ];
        }
    }

    /// <summary>The effective rank of the first rows with noise over that without it.</summary>
    double RankRatio(double[] noisy)
    {
        var length = Math.Min(sample.RowCount, RankRows) * rows.Length;
        return Rank(noisy) / Rank(rows.Clean);

        double Rank(double[] values) => EffectiveRank.Of(Array.ConvertAll(values[..length], value => (float)value), rows.Length);
    }

    /// <summary>Mutual information of each block with its labels, in bits.</summary>
    double[] Information(double[] values, double sigma, CancellationToken cancellation)
    {
        var (length, count) = (rows.Length, sample.RowsPerBlock);
        return
        [
            .. Enumerable
                .Range(0, sample.Blocks)
                .Select(block =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    FeatureMatrix features = new(values.AsSpan(block * count * length, count * length).ToArray(), length);
                    // The seed belongs to the block: with noise and without, classes are compared with the same rows.
                    EntropyOptions measure = new()
                    {
                        Bandwidth = Bandwidth.Of(sigma),
                        Power = options.Power,
                        Seed = options.Seed + block,
                    };
                    return DiffusionEntropy
                        .Measure(features, sample.Classes.Select([.. Enumerable.Range(block * count, count)]), measure)
                        .Dsmi!.Value;
                }),
        ];
    }

    int MixedRows(NoiseDefinition noise) =>
        noise is not LinearTransformNoise mixing ? 1 : mixing.Locate(sample.Dimensions)?.Size ?? rows.BatchRows;

    void Require(NoiseDefinition noise)
    {
        NoiseKernel.Create(noise, sample.Dimensions);
        if (noise is not LinearTransformNoise { Axis: MixAxis.Batch } mixing)
            return;
        mixing.ThrowIfSingular(rows.BatchRows);
        if (sample.RowsPerBlock % rows.BatchRows is > 0 and var rest)
            mixing.ThrowIfSingular(rest);
    }
}
