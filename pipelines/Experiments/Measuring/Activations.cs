using NoisyNN.Models.Networks;
using NoisyNN.Transforms.Entropy;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Measuring;

/// <summary>The activations of a layer as a matrix, a row for each image.</summary>
static class Activations
{
    const int BatchSize = 64;

    /// <param name="network">The network, in evaluation.</param>
    /// <param name="pixels">The images, one after the other.</param>
    /// <param name="layer">The name of the layer.</param>
    public static FeatureMatrix Of(Classifier network, float[] pixels, string layer) =>
        Of(network, pixels, rows => network.Activations(rows, layer));

    /// <param name="network">The network, in evaluation.</param>
    /// <param name="pixels">The images, one after the other.</param>
    /// <param name="compute">From images, the batch first, to their activations.</param>
    public static FeatureMatrix Of(Classifier network, float[] pixels, Func<Tensor, Tensor> compute)
    {
        using var gradients = no_grad();
        var device = network.parameters().First().device;
        var values = new List<double>();
        foreach (var batch in pixels.Chunk(BatchSize * network.InputLength))
        {
            using var scope = NewDisposeScope();
            var rows = tensor(batch).reshape([-1, .. network.InputShape.Select(size => (long)size)]).to(device);
            values.AddRange(compute(rows).cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray());
        }
        return new([.. values], values.Count / (pixels.Length / network.InputLength));
    }
}
