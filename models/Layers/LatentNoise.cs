using NoisyNN.Transforms.Noise.LinearTransform;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>
/// Adds a noise to tokens [N, T, D] with the class token first, to maps [N, C, H, W], or to features [N, D]. The layer has no weights.
/// Without a <see cref="Placement"/> it is the identity, so you can put it into a trained network and take it out again.
/// </summary>
/// <remarks>
/// Gradients flow through a mixing to the neighbours, as in the released NoisyViT, unless the placement is detached.
/// </remarks>
public sealed class LatentNoise() : Module<Tensor, Tensor>(nameof(LatentNoise))
{
    int _provenSize;

    /// <summary>The noise, its place and when it acts; null for none.</summary>
    public LatentNoisePlacement? Placement
    {
        get;
        set
        {
            field = value;
            _provenSize = 0;
        }
    }

    /// <summary>The training step, counted from 0, for <see cref="LatentNoisePlacement.Schedule"/>.</summary>
    public long Step { get; set; }

    /// <summary>Whether the noise acts at this place in the present mode, training or inference.</summary>
    public bool ActsAt(NoiseSite site, int layer = -1, int depth = 0) =>
        Placement is { } placement
        && placement.Site == site
        && (!placement.HasLayer || (placement.Layer < 0 ? depth + placement.Layer : placement.Layer) == layer)
        && (training ? placement.InTraining : placement.AtInference);

    /// <summary>The input with the noise of <see cref="Placement"/>. The network must check whether the noise acts here and now.</summary>
    /// <param name="input">[N, T, D], [N, C, H, W] or [N, D].</param>
    public override Tensor forward(Tensor input)
    {
        if (Placement is not { } placement)
            return input;

        using var scope = NewDisposeScope();
        var hasClassToken = input.ndim == 3;
        if (!hasClassToken || placement.IncludeClassToken)
            return Apply(placement, input, hasClassToken).MoveToOuterDisposeScope();
        var noisy = Apply(placement, input.narrow(1, 1, input.shape[1] - 1), hasClassToken: false);
        return cat([input.narrow(1, 0, 1), noisy], 1).MoveToOuterDisposeScope();
    }

    Tensor Apply(LatentNoisePlacement placement, Tensor input, bool hasClassToken)
    {
        if (placement.Noise is LinearTransformNoise mixing)
            ThrowIfSingular(mixing, input, hasClassToken);

        var strength =
            placement.Schedule is not { } schedule ? 1
            : training ? schedule.At(Step)
            : schedule.To;
        if (strength == 1 && !placement.Detached)
            return TensorNoise.Apply(placement.Noise, input, hasClassToken);

        var source = placement.Detached ? input.detach() : input;
        var displacement = TensorNoise.Apply(placement.Noise, source, hasClassToken) - source;
        return input + displacement * strength;
    }

    void ThrowIfSingular(LinearTransformNoise mixing, Tensor input, bool hasClassToken)
    {
        var size = TensorMixing.Size(mixing.Axis, input, hasClassToken);
        if (size == _provenSize)
            return;
        mixing.ThrowIfSingular(size);
        _provenSize = size;
    }
}
