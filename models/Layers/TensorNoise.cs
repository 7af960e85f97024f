using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Neftune;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>The noise families on a tensor whose first axis is the batch. Random families draw from torch's default generator.</summary>
static class TensorNoise
{
    /// <param name="noise">The family and its parameters.</param>
    /// <param name="input">Tokens [N, T, D], maps [N, C, H, W], or features [N, D].</param>
    /// <param name="hasClassToken">Whether the first token is the class token, which is on no row of the image.</param>
    /// <exception cref="NotSupportedException">The family cannot act inside a network.</exception>
    public static Tensor Apply(NoiseDefinition noise, Tensor input, bool hasClassToken)
    {
        using var scope = NewDisposeScope();
        var noisy = noise switch
        {
            GaussianNoise gaussian => input + (randn_like(input) * gaussian.StandardDeviation + gaussian.Mean),
            UniformNoise uniform => input + (rand_like(input) * 2 - 1) * uniform.HalfWidth,
            NeftuneNoise neftune => Apply(neftune.ToUniform(input.numel() / input.shape[0]), input, hasClassToken),
            LaplaceNoise laplace => input + (Exponential(input) - Exponential(input)) * laplace.Scale,
            SpeckleNoise speckle => input + input * randn_like(input) * speckle.StandardDeviation,
            SaltAndPepperNoise saltAndPepper => SaltAndPepper(saltAndPepper, input),
            LinearTransformNoise mixing => TensorMixing.Apply(mixing, input, hasClassToken),
            _ => throw new NotSupportedException(
                $"The noise '{noise.Name}' cannot act inside a network; put it on a column, or choose another."
            ),
        };
        if (noise is ClippableNoise { Clip: { } range })
            noisy = noisy.clamp(range.Low.ToScalar(), range.High.ToScalar());
        return noisy.MoveToOuterDisposeScope();
    }

    /// <summary>Draws of mean 1; the difference of two has Laplace's distribution.</summary>
    static Tensor Exponential(Tensor like) => -(1 - rand_like(like)).log();

    /// <summary>
    /// Each value becomes the given high one, or its row's largest, with probability p/2. With probability p/2 it becomes the low or
    /// smallest one. A row is one image.
    /// </summary>
    static Tensor SaltAndPepper(SaltAndPepperNoise noise, Tensor input)
    {
        var values = input.detach();
        long[] withinRow = [.. Enumerable.Range(1, (int)input.ndim - 1).Select(axis => (long)axis)];
        var salt = noise.Extremes is { } extremes
            ? full([1], extremes.High, dtype: values.dtype, device: values.device)
            : values.amax(withinRow, keepdim: true);
        var pepper = noise.Extremes is { } range
            ? full([1], range.Low, dtype: values.dtype, device: values.device)
            : values.amin(withinRow, keepdim: true);
        var chance = rand_like(values);
        return where(chance > 1 - noise.Probability / 2, pepper, where(chance < noise.Probability / 2, salt, input));
    }
}
