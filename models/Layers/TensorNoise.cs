using NoisyNN.Transforms.Noise;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>Each noise family on a tensor, whose first axis is the batch. Random families draw from torch's default generator.</summary>
static class TensorNoise
{
    /// <param name="noise">The family and its parameters.</param>
    /// <param name="input">Tokens [N, T, D], maps [N, C, H, W], or features [N, D].</param>
    /// <param name="hasClassToken">Whether the first token is the class token, which lies on no row of the image.</param>
    /// <exception cref="NotSupportedException">The family has no form inside a network.</exception>
    public static Tensor Apply(NoiseDefinition noise, Tensor input, bool hasClassToken)
    {
        using var scope = NewDisposeScope();
        var noisy = noise switch
        {
            GaussianNoise gaussian => input + (randn_like(input) * gaussian.StandardDeviation + gaussian.Mean),
            SaltAndPepperNoise saltAndPepper => SaltAndPepper(saltAndPepper.Probability, input),
            LinearTransformNoise mixing => TensorMixing.Apply(mixing, input, hasClassToken),
            _ => throw new NotSupportedException($"The noise '{noise.Name}' has no form inside a network; put it on a column, or choose another."),
        };
        return noisy.MoveToOuterDisposeScope();
    }

    /// <summary>Each value becomes its row's largest with probability p/2, its smallest with probability p/2; a row is one image.</summary>
    static Tensor SaltAndPepper(double probability, Tensor input)
    {
        var values = input.detach();
        long[] withinRow = [.. Enumerable.Range(1, (int)input.ndim - 1).Select(axis => (long)axis)];
        var chance = rand_like(values);
        var salted = where(chance < probability / 2, values.amax(withinRow, keepdim: true), input);
        return where(chance > 1 - probability / 2, values.amin(withinRow, keepdim: true), salted);
    }
}
