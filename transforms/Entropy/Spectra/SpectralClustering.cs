using NoisyNN.Transforms.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// Spectral clustering of a continuous reference, as the reference package does it (scikit-learn with nearest-neighbour affinities and
/// labels by a pivoted QR). It takes the graph of ten nearest neighbours and the lowest eigenvectors of its normalised Laplacian. The polar
/// factor of the rows that a pivoted QR picks gives the classes (Damle, Minden and Ying, Information and Inference 8, 2019). There is no
/// k-means, and so no random start.
/// </summary>
public static class SpectralClustering
{
    const int Neighbors = 10;

    /// <summary>Divides rows into clusters. The result can be used for many columns.</summary>
    /// <param name="reference">The rows; up to some thousands, because all eigenvectors of their graph are computed.</param>
    /// <param name="clusters">The number of clusters.</param>
    /// <exception cref="ArgumentException">There are not more rows than clusters, or too many rows.</exception>
    public static RowClasses Cluster(FeatureMatrix reference, int clusters = 10)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 2);
        if (reference.RowCount <= clusters)
            throw new ArgumentException(
                $"{reference.RowCount} rows cannot be divided into {clusters} clusters; ask for fewer.",
                nameof(clusters)
            );
        if (reference.RowCount > EntropyOptions.DefaultMaxRows)
            throw new ArgumentException(
                $"{reference.RowCount} rows are too many to cluster; take at most {EntropyOptions.DefaultMaxRows}.",
                nameof(reference)
            );

        Libtorch.Require();
        var labels = PivotedLabels(Embed(reference, clusters), reference.RowCount, clusters);
        return RowClasses.Precomputed(
            labels,
            $"{labels.Distinct().Count()} spectral clusters of a reference of {reference.Dimension} dimensions"
        );
    }

    /// <summary>The lowest eigenvectors of the normalised Laplacian over the root of the degrees, row by row.</summary>
    static double[] Embed(FeatureMatrix reference, int clusters)
    {
        using var scope = NewDisposeScope();
        var count = reference.RowCount;
        var nearest = Distances.Squared(reference).topk(Math.Min(Neighbors, count), dim: 1, largest: false).indexes;
        var graph = zeros([count, (long)count], ScalarType.Float64).scatter_(1, nearest, ones(nearest.shape, ScalarType.Float64));
        var affinities = graph.add(graph.T).mul_(0.5);
        affinities.sub_(affinities.diagonal(0, 0, 1).diag());
        var degrees = affinities.sum(1);
        var roots = degrees.masked_fill(degrees.le(0), 1).sqrt();
        // The Laplacian's lowest eigenvectors are the highest of the matrix that is subtracted from the identity.
        var (_, vectors) = linalg.eigh(affinities.div_(roots.unsqueeze(1)).div_(roots.unsqueeze(0)));
        return vectors.narrow(1, count - clusters, clusters).div(roots.unsqueeze(1)).contiguous().data<double>().ToArray();
    }

    static int[] PivotedLabels(double[] embedding, int count, int clusters)
    {
        using var scope = NewDisposeScope();
        var rows = from_array(embedding).reshape(count, clusters);
        var picked = rows.index_select(0, from_array(PivotRows(embedding, count, clusters)));
        var (left, _, right) = linalg.svd(picked.T);
        var aligned = rows.mm(left.mm(right)).abs();
        return [.. aligned.argmax(1).data<long>().ToArray().Select(label => (int)label)];
    }

    /// <summary>
    /// The rows that a QR decomposition with column pivoting picks from the transposed matrix. Each is the longest after the earlier ones
    /// have been projected out.
    /// </summary>
    static long[] PivotRows(double[] embedding, int count, int clusters)
    {
        var rest = (double[])embedding.Clone();
        var picked = new long[clusters];
        for (var step = 0; step < clusters; step++)
        {
            var (longest, best) = (-1.0, 0);
            for (var row = 0; row < count; row++)
            {
                var length = SquaredLength(rest.AsSpan(row * clusters, clusters));
                if (length > longest && !picked.AsSpan(0, step).Contains(row))
                    (longest, best) = (length, row);
            }
            picked[step] = best;
            double[] direction = [.. rest.AsSpan(best * clusters, clusters)];
            for (var row = 0; row < count && longest > 0; row++)
            {
                var vector = rest.AsSpan(row * clusters, clusters);
                var share = 0.0;
                for (var i = 0; i < clusters; i++)
                    share += vector[i] * direction[i] / longest;
                for (var i = 0; i < clusters; i++)
                    vector[i] -= share * direction[i];
            }
        }
        return picked;
    }

    static double SquaredLength(ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
            sum += value * value;
        return sum;
    }
}
