namespace NoisyNN.Models.Training.Optimization;

/// <summary>Figures of a training beside its loss, by name, each summed over rows.</summary>
sealed record NamedSums(IReadOnlyDictionary<string, double> Figures)
{
    public static NamedSums None { get; } = new(new Dictionary<string, double>());

    /// <summary>The sum of this name; 0 where no row was counted.</summary>
    public double this[string name] => Figures.GetValueOrDefault(name);

    public NamedSums Add(NamedSums other) => Combine(other, sign: 1);

    public NamedSums Subtract(NamedSums other) => Combine(other, sign: -1);

    NamedSums Combine(NamedSums other, int sign) =>
        other.Figures.Count == 0
            ? this
            : new(other.Figures.ToDictionary(figure => figure.Key, figure => this[figure.Key] + sign * figure.Value));
}
