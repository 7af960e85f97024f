using NoisyNN.Models.Networks;
using TorchSharp;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>What each layer added to the loss, before its weight, summed over rows.</summary>
sealed record PenaltySums(IReadOnlyDictionary<string, double> Layers)
{
    public static PenaltySums None { get; } = new(new Dictionary<string, double>());

    /// <param name="terms">Means over rows.</param>
    /// <param name="rows">The rows.</param>
    public static PenaltySums Of(IReadOnlyList<PenaltyTerm> terms, int rows) =>
        terms.Count == 0 ? None : new(terms.ToDictionary(term => term.Layer, term => term.Value.item<float>() * (double)rows));

    public PenaltySums Add(PenaltySums other) => Combine(other, sign: 1);

    public PenaltySums Subtract(PenaltySums other) => Combine(other, sign: -1);

    /// <summary>Means over rows; null where no layer adds anything.</summary>
    public IReadOnlyDictionary<string, double>? Means(long rows) =>
        Layers.Count == 0 ? null : Layers.ToDictionary(layer => layer.Key, layer => layer.Value / rows);

    PenaltySums Combine(PenaltySums other, int sign) =>
        other.Layers.Count == 0
            ? this
            : new(other.Layers.ToDictionary(layer => layer.Key, layer => Layers.GetValueOrDefault(layer.Key) + sign * layer.Value));
}
