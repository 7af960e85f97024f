using System.Numerics.Tensors;
using MathNet.Numerics;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// The estimate from distances to the k-th nearest neighbour. For labels it is that of Ross (PLoS ONE 9, e87357, 2014):
/// ψ(N) + ψ(k) - ⟨ψ(n_c)⟩ - ⟨ψ(m)⟩, with m the rows of any class within the distance to the k-th neighbour of the own class. For a
/// continuous reference it is the first one of Kraskov, Stögbauer and Grassberger (Phys. Rev. E 69, 066138, 2004):
/// ψ(N) + ψ(k) - ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩, with the larger one of the Euclidean distances in X and in Y.
/// </summary>
public sealed record NearestNeighborInformation : InformationEstimator
{
    /// <summary>k; a class of fewer rows uses all of its other rows.</summary>
    public int Neighbors
    {
        get;
        init =>
            field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Neighbors), value, "Neighbors must be at least 1.");
    } = 3;

    /// <inheritdoc/>
    public override string Name => "ksg";

    /// <inheritdoc/>
    public override string Description => $"{Neighbors} nearest neighbours: Ross for labels, Kraskov for numbers";

    /// <inheritdoc/>
    public override double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Features.RowCount <= Neighbors)
            throw new ArgumentException(
                $"{rows.Features.RowCount} rows have no {Neighbors} neighbours each; give more rows, or ask for fewer neighbours.",
                nameof(rows)
            );
        return BitsPerNat * (rows.Reference is { } reference ? Kraskov(rows.Features, reference, cancellation) : Ross(rows, cancellation));
    }

    /// <summary>A class of one row has no neighbour. Its row is left out, as in scikit-learn.</summary>
    double Ross(PairedRows rows, CancellationToken cancellation)
    {
        var classes = rows.Classes.Indexes;
        var sizes = classes.CountBy(one => one).ToDictionary();
        int[] used = [.. Enumerable.Range(0, classes.Count).Where(row => sizes[classes[row]] > 1)];
        if (used.Length == 0)
            throw new ArgumentException("Every class has one row, which has no neighbour of its class; give more rows.", nameof(rows));

        var sum = 0.0;
        var (all, own) = (new double[used.Length], new double[used.Length]);
        foreach (var row in used)
        {
            cancellation.ThrowIfCancellationRequested();
            Distances(rows.Features, row, used, all);
            var count = 0;
            for (var other = 0; other < used.Length; other++)
            {
                if (classes[used[other]] == classes[row])
                    own[count++] = all[other];
            }
            var neighbors = Math.Min(Neighbors, count - 1);
            // The nearest row is the row itself.
            var radius = Smallest(own.AsSpan(0, count), neighbors);
            sum += SpecialFunctions.DiGamma(neighbors) - SpecialFunctions.DiGamma(count) - SpecialFunctions.DiGamma(Closer(all, radius));
        }
        return SpecialFunctions.DiGamma(used.Length) + sum / used.Length;
    }

    double Kraskov(FeatureMatrix features, FeatureMatrix reference, CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, features.RowCount)];
        var (x, y, both) = (new double[all.Length], new double[all.Length], new double[all.Length]);
        var sum = 0.0;
        foreach (var row in all)
        {
            cancellation.ThrowIfCancellationRequested();
            Distances(features, row, all, x);
            Distances(reference, row, all, y);
            TensorPrimitives.Max<double>(x, y, both);
            var radius = Smallest(both, Neighbors);
            // Both counts include the row itself, which is the 1 of the formula.
            sum += SpecialFunctions.DiGamma(Closer(x, radius)) + SpecialFunctions.DiGamma(Closer(y, radius));
        }
        return SpecialFunctions.DiGamma(Neighbors) + SpecialFunctions.DiGamma(all.Length) - sum / all.Length;
    }

    static void Distances(FeatureMatrix rows, int from, int[] to, double[] distances)
    {
        for (var i = 0; i < to.Length; i++)
            distances[i] = TensorPrimitives.Distance(rows[from], rows[to[i]]);
    }

    /// <summary>The element with this place, counted from 0, in ascending order. The order of the values is lost.</summary>
    static double Smallest(Span<double> values, int place)
    {
        values.Sort();
        return values[place];
    }

    /// <summary>How many distances are below a radius, the row itself always counted.</summary>
    static int Closer(double[] distances, double radius)
    {
        var count = 0;
        foreach (var distance in distances)
        {
            if (distance < radius)
                count++;
        }
        return Math.Max(1, count);
    }
}
