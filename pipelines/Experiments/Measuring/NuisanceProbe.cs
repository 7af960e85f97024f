using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Pipelines.Experiments.Measuring;

/// <summary>
/// What the features of a network, the input of its head, still tell about the place of a nuisance: a lower bound in bits, by a
/// cross-validated logistic regression on test rows (<see cref="ProbeInformation"/>). It decides nothing.
/// </summary>
static class NuisanceProbe
{
    /// <summary>The most test rows that are taken.</summary>
    const int MostRows = 2000;

    /// <param name="network">The network, without noise.</param>
    /// <param name="test">The test rows.</param>
    /// <param name="places">The place of each, by its index in <see cref="NuisancePlace.Names"/>.</param>
    /// <param name="seed">The seed of the folds.</param>
    /// <param name="cancellation">Stops the estimate.</param>
    public static double Measure(Classifier network, RowStore test, IReadOnlyList<int> places, int seed, CancellationToken cancellation)
    {
        // Evenly spaced, so that rows in the order of their classes are taken from all of them.
        var count = Math.Min(MostRows, test.Count);
        int[] rows = [.. Enumerable.Range(0, count).Select(number => (int)((long)number * test.Count / count))];
        network.eval();
        var features = Activations.Of(network, [.. rows.SelectMany(test.ValuesOf)], network.FeatureLayer);
        var classes = RowClasses.Of(rows.Select(row => NuisancePlace.Names[places[row]]));
        return new ProbeInformation().Estimate(PairedRows.Of(features, classes), seed, cancellation);
    }
}
