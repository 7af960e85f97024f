using System.Numerics.Tensors;
using NoisyNN.Transforms.Entropy.Estimators;

namespace NoisyNN.Transforms.Entropy.Planted;

/// <summary>
/// Equally frequent classes, each a blob N(c, I), whose centres c all have the same distance. A share of the labels is replaced by random
/// ones. Far apart and with true labels, I(X;Y) is log₂ of the number of classes.
/// </summary>
/// <remarks>
/// <see cref="Bits"/> is H(Y) less the mean entropy of the true posterior over 200,000 draws. The posterior needs the distances to the
/// centres alone, so the information does not depend on the dimension. The error of the mean is below 0.003 bits.
/// </remarks>
public sealed record EqualBlobs : PlantedTruth
{
    const int Draws = 200_000;

    /// <summary>The number of classes, at most the dimension.</summary>
    public int Classes
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "Classes must be at least 2.");
    } = 3;

    /// <summary>
    /// The distance between two centres, in standard deviations of a blob along one axis. The default is about that of scikit-learn's
    /// <c>make_blobs</c> in 20 dimensions.
    /// </summary>
    public double Separation
    {
        get;
        init =>
            field =
                double.IsFinite(value) && value >= 0
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(Separation), value, "Separation must be a number of at least 0.");
    } = 36;

    /// <summary>The share of labels that are replaced by a random class, the own one included.</summary>
    public double LabelNoise
    {
        get;
        init =>
            field = value is >= 0 and <= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(LabelNoise), value, "LabelNoise must be a share from 0 to 1.");
    }

    /// <summary>Centres lie on random axes, orthogonal to each other, so that their distances are equal.</summary>
    double OnAxis => Separation / Math.Sqrt(2);

    /// <inheritdoc/>
    public override double Bits
    {
        get
        {
            var random = new Random(1);
            var remaining = 0.0;
            var scores = new double[Classes];
            for (var draw = 0; draw < Draws; draw++)
            {
                // By symmetry, draws of the first class are enough. A class's density has the factor exp(x·c).
                for (var one = 0; one < Classes; one++)
                    scores[one] = OnAxis * (random.NextGaussian() + (one == 0 ? OnAxis : 0));
                var largest = scores.Max();
                var sum = scores.Sum(score => Math.Exp(score - largest));
                foreach (var score in scores)
                {
                    var share = (1 - LabelNoise) * Math.Exp(score - largest) / sum + LabelNoise / Classes;
                    remaining -= share > 0 ? share * Math.Log2(share) : 0;
                }
            }
            return Math.Log2(Classes) - remaining / Draws;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are more classes than dimensions.</exception>
    public override PairedRows Draw(int rows, int seed)
    {
        if (Classes > Dimension)
            throw new ArgumentException(
                $"{Classes} blobs of equal distances need {Classes} dimensions, not {Dimension}; give more dimensions, or fewer classes."
            );
        var random = new Random(seed);
        var axes = Axes(random);
        var values = new double[rows * Dimension];
        var labels = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            var blob = row % Classes;
            labels[row] = random.NextDouble() < LabelNoise ? random.Next(Classes) : blob;
            for (var column = 0; column < Dimension; column++)
                values[row * Dimension + column] = random.NextGaussian() + OnAxis * axes[blob][column];
        }
        return PairedRows.Of(new FeatureMatrix(values, Dimension), RowClasses.Of(labels));
    }

    /// <summary>Orthogonal random directions of length 1 (Gram and Schmidt).</summary>
    double[][] Axes(Random random)
    {
        var axes = new List<double[]>();
        while (axes.Count < Classes)
        {
            double[] axis = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextGaussian())];
            foreach (var earlier in axes)
            {
                var share = TensorPrimitives.Dot<double>(axis, earlier);
                TensorPrimitives.MultiplyAdd(earlier, -share, axis, axis);
            }
            TensorPrimitives.Divide(axis, TensorPrimitives.Norm<double>(axis), axis);
            axes.Add(axis);
        }
        return [.. axes];
    }
}
