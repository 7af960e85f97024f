using NoisyNN.Transforms.Noise;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>
/// Adds a noise to tokens [N, T, D], the class token first, or to features [N, D]. The layer has no weights, and without a
/// <see cref="Placement"/> it is the identity, so it can be put into a trained network and taken out again.
/// </summary>
/// <remarks>
/// Mixing by (I+Q) costs one pass: a circular shift is a weighted sum with a rolled copy, the optimal Q a scaled identity plus a rank-one term.
/// Gradients flow through the neighbours, as in the released NoisyViT. Random noise draws from torch's default generator.
/// </remarks>
/// <param name="gridSize">The rows (and columns) of the grid that the patch tokens form; <see cref="MixAxis.SpatialRows"/> mixes its rows.</param>
public sealed class LatentNoise(int gridSize) : Module<Tensor, Tensor>(nameof(LatentNoise))
{
    int _provenSize;

    public LatentNoisePlacement? Placement
    {
        get;
        set
        {
            field = value;
            _provenSize = 0;
        }
    }

    /// <summary>Whether the noise acts at this place in the present mode, training or inference.</summary>
    public bool ActsAt(NoiseSite site, int layer = -1, int depth = 0) =>
        Placement is { } placement
        && placement.Site == site
        && (site is NoiseSite.AfterEmbedding or NoiseSite.BeforeHead || (placement.Layer < 0 ? depth + placement.Layer : placement.Layer) == layer)
        && (training ? placement.InTraining : placement.AtInference);

    public override Tensor forward(Tensor input)
    {
        if (Placement is not { } placement)
            return input;
        if (placement.IncludeClassToken || input.shape.Length == 2)
            return Apply(placement.Noise, input, hasClassToken: true);

        using var scope = NewDisposeScope();
        var tokens = input.shape[1];
        var noisy = Apply(placement.Noise, input.narrow(1, 1, tokens - 1), hasClassToken: false);
        return cat([input.narrow(1, 0, 1), noisy], 1).MoveToOuterDisposeScope();
    }

    Tensor Apply(NoiseDefinition noise, Tensor input, bool hasClassToken)
    {
        using var scope = NewDisposeScope();
        var noisy = noise switch
        {
            GaussianNoise gaussian => input + (randn_like(input) * gaussian.StandardDeviation + gaussian.Mean),
            SaltAndPepperNoise saltAndPepper => SaltAndPepper(saltAndPepper.Probability, input),
            LinearTransformNoise { Axis: MixAxis.SpatialRows } mixing => MixGridRows(mixing, input, hasClassToken),
            LinearTransformNoise mixing => Mix(mixing, input, AxisOf(mixing)),
            _ => throw new NotSupportedException($"The noise '{noise.Name}' has no form inside a network; put it on a column, or choose another."),
        };
        return noisy.MoveToOuterDisposeScope();
    }

    static long AxisOf(LinearTransformNoise mixing) => mixing.Axis switch
    {
        MixAxis.Batch => 0,
        MixAxis.Tokens => 1,
        MixAxis.Channels => -1,
        _ => throw new NotSupportedException($"A network has no axis '{mixing.Axis}' to mix along."),
    };

    /// <summary>y = (I+Q)x along one axis.</summary>
    Tensor Mix(LinearTransformNoise mixing, Tensor input, long axis)
    {
        var size = (int)input.shape[axis < 0 ? input.shape.Length + axis : axis];
        ThrowIfSingular(mixing, size);
        return mixing switch
        {
            CircularShiftNoise shift => input * (1 - shift.Strength) + input.roll(-1, axis) * shift.Strength,
            OptimalMixingNoise => (input + input.sum(axis, keepdim: true)) * (1.0 / (size + 1)),
            _ => throw new NotSupportedException($"The mixing '{mixing.Name}' has no form inside a network."),
        };
    }

    Tensor MixGridRows(LinearTransformNoise mixing, Tensor input, bool hasClassToken)
    {
        var (batch, width) = (input.shape[0], input.shape[2]);
        var classToken = hasClassToken ? input.narrow(1, 0, 1) : null;
        var patches = hasClassToken ? input.narrow(1, 1, input.shape[1] - 1) : input;
        // The class token lies on no row of the grid: it has no neighbours and stays as it is.
        var mixed = Mix(mixing, patches.reshape(batch, gridSize, gridSize, width), axis: 1).reshape(batch, -1, width);
        return classToken is null ? mixed : cat([classToken, mixed], 1);
    }

    /// <summary>Each value becomes its row's largest with probability p/2, its smallest with probability p/2; a row is one image.</summary>
    static Tensor SaltAndPepper(double probability, Tensor input)
    {
        var values = input.detach();
        long[] withinRow = input.shape.Length == 2 ? [1] : [1, 2];
        var chance = rand_like(values);
        var salted = where(chance < probability / 2, values.amax(withinRow, keepdim: true), input);
        return where(chance > 1 - probability / 2, values.amin(withinRow, keepdim: true), salted);
    }

    void ThrowIfSingular(LinearTransformNoise mixing, int size)
    {
        if (size == _provenSize)
            return;
        mixing.ThrowIfSingular(size);
        _provenSize = size;
    }
}
