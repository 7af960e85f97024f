using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Nuisances;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Measuring;

/// <summary>
/// What the last block of a network still tells about the place of a nuisance: a lower bound in bits, by a cross-validated logistic
/// regression on test rows (<see cref="ProbeInformation"/>). It decides nothing.
/// </summary>
/// <remarks>
/// Maps are averaged over three by three equal parts, as many as there are places. A network whose own noise prices information is asked
/// for its noisy codes: what the noise drowns does not count.
/// </remarks>
static class NuisanceProbe
{
    /// <summary>The most test rows that are taken.</summary>
    const int MostRows = 2000;

    const int Parts = 3;

    /// <summary>The weight of the squared coefficients for each row: there may be as many values as rows.</summary>
    const double RegularizationOfRow = 0.05;

    /// <param name="network">The network, without noise from outside.</param>
    /// <param name="test">The test rows.</param>
    /// <param name="places">The place of each, by its index in <see cref="NuisancePlace.Names"/>.</param>
    /// <param name="seed">The seed of the folds and of the network's own noise.</param>
    /// <param name="cancellation">Stops the estimate.</param>
    public static double Measure(Classifier network, RowStore test, IReadOnlyList<int> places, int seed, CancellationToken cancellation)
    {
        // Evenly spaced, so that rows in the order of their classes are taken from all of them.
        var count = Math.Min(MostRows, test.Count);
        int[] rows = [.. Enumerable.Range(0, count).Select(number => (int)((long)number * test.Count / count))];
        network.eval();
        manual_seed(seed);
        var codes = Activations.Of(network, [.. rows.SelectMany(test.ValuesOf)], pixels => Averaged(LastBlock(network, pixels)));
        var classes = RowClasses.Of(rows.Select(row => NuisancePlace.Names[places[row]]));
        return new ProbeInformation { Regularization = RegularizationOfRow * count }.Estimate(
            PairedRows.Of(codes, classes),
            seed,
            cancellation
        );
    }

    static Tensor LastBlock(Classifier network, Tensor pixels) =>
        network is IInformationMaps noisy ? noisy.NoisyCodes(pixels)[^1]
        : network.BlockCount > 0 ? network.Activations(pixels, network.Layers[network.BlockCount - 1])
        : network.features(pixels);

    /// <summary>The means of maps over equal parts, [N, C times parts]; tokens and vectors as they are.</summary>
    static Tensor Averaged(Tensor codes)
    {
        if (codes.shape is not [_, _, >= Parts and var height, >= Parts and var width])
            return codes.flatten(1);
        var means =
            from row in Enumerable.Range(0, Parts)
            from column in Enumerable.Range(0, Parts)
            select Mean(codes, Range(row, height), Range(column, width));
        return cat([.. means], 1);
    }

    static Tensor Mean(Tensor maps, (long Start, long Length) rows, (long Start, long Length) columns) =>
        maps.narrow(2, rows.Start, rows.Length).narrow(3, columns.Start, columns.Length).sum([2, 3]) / (rows.Length * columns.Length);

    /// <summary>A third of a side, with the places that it shares with its neighbours.</summary>
    static (long Start, long Length) Range(int part, long length)
    {
        var (start, end) = (part * length / Parts, ((part + 1) * length + Parts - 1) / Parts);
        return (start, end - start);
    }
}
