using NoisyNN.Transforms.Entropy.Spectra;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>
/// Diffusion spectral mutual information, Σ (n_c/N)(h*_c - h_c): how much lower the entropy is within a class than in random rows of the
/// same number. The sizes are matched because the entropy grows with the number of rows. It may be below 0.
/// </summary>
static class MutualInformation
{
    /// <param name="rows">All rows.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="entropy">The entropy of some rows, in bits.</param>
    /// <param name="repetitions">Random subsets per class, drawn anew from the seed for every class as in the reference.</param>
    /// <param name="seed">The seed of the random subsets.</param>
    public static (MeasuredEntropy Information, IReadOnlyList<ClassEntropy> Classes) Measure(
        KernelRows rows,
        RowClasses classes,
        Func<KernelRows, MeasuredEntropy> entropy,
        int repetitions,
        int seed
    )
    {
        var members = classes.Names.Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < classes.Indexes.Count; row++)
            members[classes.Indexes[row]].Add(row);

        // Classes of one size are compared with the same subsets, because each class starts from the seed.
        var matched = new Dictionary<int, MeasuredEntropy>();
        var measured = new List<ClassEntropy>();
        var bound = 0.0;
        foreach (var (name, inside) in classes.Names.Zip(members).Where(pair => pair.Second.Count > 0))
        {
            if (!matched.TryGetValue(inside.Count, out var random))
                matched[inside.Count] = random = Matched(inside.Count);
            var own = entropy(rows.Select(inside));
            measured.Add(new(name, inside.Count, own.Bits, random.Bits));
            bound += (double)inside.Count / rows.Count * (own.Bound + random.Bound);
        }
        // A subset of all rows differs from them only in its order.
        var information = measured.Sum(one => (double)one.Rows / rows.Count * (one.Matched - one.Entropy));
        return (measured.Count == 1 ? new(0) : new(information, bound), measured);

        MeasuredEntropy Matched(int size)
        {
            var random = new PythonRandom(seed);
            var entropies = Enumerable.Range(0, repetitions).Select(_ => entropy(rows.Select(random.Sample(rows.Count, size)))).ToArray();
            return new(entropies.Average(one => one.Bits), entropies.Average(one => one.Bound));
        }
    }
}

/// <summary>One class of a mutual information.</summary>
/// <param name="Name">The class.</param>
/// <param name="Rows">n_c, its rows.</param>
/// <param name="Entropy">h_c, the entropy of its rows, in bits.</param>
/// <param name="Matched">h*_c, the mean entropy of random rows of the same number, in bits.</param>
public sealed record ClassEntropy(string Name, int Rows, double Entropy, double Matched)
{
    /// <summary>"'cat': 1.2000 bits in 40 rows, 1.5000 in as many random rows"</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"'{Printable.Line(Name)}': {Entropy:0.0000} bits in {Rows} rows, {Matched:0.0000} in as many random rows"
        );
}
