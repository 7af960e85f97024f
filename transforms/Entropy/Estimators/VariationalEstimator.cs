using NoisyNN.Transforms.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// A lower bound that a small network learns. Three fifths of the rows train the network, one fifth chooses the step at which to stop, and
/// one fifth gives the figure. An estimate on the training rows would grow with the network's memory.
/// </summary>
public abstract record VariationalEstimator : InformationEstimator
{
    const int Interval = 25;

    private protected VariationalEstimator() { }

    /// <summary>The steps of Adam (rate 0.001).</summary>
    public int Steps
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Steps must be at least 1.");
    } = 1000;

    /// <summary>The pairs of a batch, at most.</summary>
    public int BatchSize
    {
        get;
        init =>
            field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "BatchSize must be at least 2.");
    } = 128;

    /// <inheritdoc/>
    public override double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var fifth = rows.Features.RowCount / 5;
        if (fifth < 10)
            throw new ArgumentException(
                $"{rows.Features.RowCount} rows are too few to train a network on; give at least 50.",
                nameof(rows)
            );
        Libtorch.Require();

        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (x, y) = Tensors(rows, random);
        using var bound = Create((int)x.shape[1], (int)y.shape[1], random);
        using var adam = optim.Adam(bound.Parameters, 1e-3);
        var batch = Math.Min(BatchSize, fifth);
        var training = (int)x.shape[0] - 2 * fifth;
        var order = Enumerable.Range(0, training).ToArray();
        var (best, figure) = (0.0, 0.0);
        for (var (step, next) = (1, training); step <= Steps; step++, next += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inside = NewDisposeScope();
            if (next + batch > training)
            {
                random.Shuffle(order);
                next = 0;
            }
            var chosen = from_array(order[next..(next + batch)]);
            adam.zero_grad();
            bound.Nats(x.index_select(0, chosen), y.index_select(0, chosen)).neg().backward();
            adam.step();
            if (step % Interval != 0)
                continue;
            if (Held(training) is var stopping && stopping > best)
                (best, figure) = (stopping, Held(training + fifth));
        }
        return BitsPerNat * figure;

        // The mean over batches of the size of the training's, because the bound depends on it.
        double Held(int start)
        {
            using var without = no_grad();
            return Enumerable
                .Range(0, fifth / batch)
                .Average(part =>
                    bound.Nats(x.narrow(0, start + part * batch, batch), y.narrow(0, start + part * batch, batch)).item<float>()
                );
        }
    }

    private protected abstract VariationalBound Create(int features, int references, Random random);

    /// <summary>X and Y as z-scores in random order; labels are one-hot.</summary>
    static (Tensor X, Tensor Y) Tensors(PairedRows rows, Random random)
    {
        int[] order = [.. Enumerable.Range(0, rows.Features.RowCount)];
        random.Shuffle(order);
        var chosen = rows.Select(order);
        var y = chosen.Reference is { } reference
            ? Matrix(reference)
            : nn.functional.one_hot(from_array(chosen.Classes.Indexes.Select(index => (long)index).ToArray()), chosen.Classes.Names.Count);
        return (Matrix(chosen.Features), y.to_type(ScalarType.Float32));
    }

    static Tensor Matrix(FeatureMatrix rows)
    {
        var scaled = rows.Scale(FeatureScaling.ZScore);
        return from_array(scaled.Values).reshape(scaled.RowCount, scaled.Dimension).to_type(ScalarType.Float32);
    }
}
