using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Shows what the noises of an experiment make of some images.</summary>
static class NoisePictures
{
    /// <summary>The images under each noise alone.</summary>
    /// <param name="samples">The images.</param>
    /// <param name="noises">A name for each noise, and the estimator that puts it on the column <c>Pixels</c> of every view.</param>
    public static IReadOnlyList<NoiseStrip> Of(SampleImages samples, IEnumerable<(string Name, NoiseEstimator Noise)> noises)
    {
        var rows = samples.Rows.ToDataView();
        return [.. noises.Select(noise => new NoiseStrip(noise.Name, Images(samples, noise.Noise.Fit(rows).Transform(rows))))];
    }

    static IReadOnlyList<ShownImage> Images(SampleImages samples, IDataView noisy) =>
        [
            .. noisy
                .GetColumn<VBuffer<float>>("Pixels")
                .Zip(samples.Labels, (pixels, label) => ShownImage.Of(label, [.. pixels.DenseValues()])),
        ];
}
