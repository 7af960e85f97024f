using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Reports.Charts;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Shows what noise inside a network does to its features, in the plane of their first two principal components.</summary>
static class FeatureSpace
{
    const int MostRows = 150;

    /// <summary>Test rows without and with the noise.</summary>
    /// <param name="classifier">The network, without noise; it is left so.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="placement">The noise and its place.</param>
    /// <param name="test">The test rows.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static FeaturePicture Of(Classifier classifier, Device device, LatentNoisePlacement placement, RowStore test, int seed)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        classifier.eval();
        var rows = Rows(test).reshape([-1, .. classifier.InputShape.Select(size => (long)size)]).to(device);
        // Noise on the features themselves shows one layer later.
        var layer = placement.Site is NoiseSite.BeforeHead ? Classifier.LogitsLayer : classifier.FeatureLayer;
        var clean = classifier.Activations(rows, layer).flatten(1);
        manual_seed(seed);
        classifier.SetLatentNoise(placement with { InTraining = true, AtInference = true });
        Tensor noisy;
        try
        {
            noisy = classifier.Activations(rows, layer).flatten(1);
        }
        finally
        {
            classifier.SetLatentNoise(null);
        }

        var mean = clean.mean([0], keepdim: true);
        var (_, deviations, directions) = linalg.svd(clean - mean, fullMatrices: false);
        var plane = directions.narrow(0, 0, Math.Min(2, directions.shape[0])).transpose(0, 1);
        var variances = deviations.square().cpu().data<float>().ToArray();
        return new FeaturePicture(
            layer,
            $"{NoiseWords.Describe(placement.Noise)} {NoiseWords.Place(placement)}",
            Points((clean - mean).mm(plane)),
            Points((noisy - mean).mm(plane)),
            Share(variances, 0),
            Share(variances, 1)
        );
    }

    static Tensor Rows(RowStore test)
    {
        var count = Math.Min(MostRows, test.Count);
        return tensor(Enumerable.Range(0, count).SelectMany(index => test.ValuesOf((int)((long)index * test.Count / count))).ToArray());
    }

    static double Share(float[] variances, int component) =>
        component < variances.Length && variances.Sum() > 0 ? variances[component] / variances.Sum() : 0;

    /// <summary>[N, 1 or 2] as points.</summary>
    static (double X, double Y)[] Points(Tensor plane)
    {
        var (count, axes) = ((int)plane.shape[0], (int)plane.shape[1]);
        var values = plane.cpu().contiguous().data<float>().ToArray();
        return [.. Enumerable.Range(0, count).Select(row => ((double)values[row * axes], axes > 1 ? values[row * axes + 1] : 0.0))];
    }
}
