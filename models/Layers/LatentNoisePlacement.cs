using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Models.Layers;

/// <summary>The places in a network where noise can be added.</summary>
public enum NoiseSite
{
    /// <summary>
    /// After the embedding, before the first block: on the tokens with their positions, or on the maps that leave the stem.
    /// </summary>
    AfterEmbedding,

    /// <summary>The residual stream that enters a block, so that everything after it sees the noise.</summary>
    BlockInput,

    /// <summary>
    /// On the attention branch of a block, after its first normalisation and before queries, keys and values.
    /// The residual stream stays clean. This is where the released NoisyViT mixes.
    /// </summary>
    AttentionInput,

    /// <summary>The output of a block's attention branch, before it is added to the residual stream.</summary>
    AttentionOutput,

    /// <summary>The residual stream that leaves a block.</summary>
    BlockOutput,

    /// <summary>
    /// On the features that enter the classification head: the class token after the last normalisation, or the mean over the last maps.
    /// </summary>
    BeforeHead,
}

/// <summary>One noise at one place in a network, with separate switches for training and for inference.</summary>
/// <param name="Noise">The noise.</param>
/// <param name="Site">The kind of place.</param>
/// <param name="Layer">
/// The block, counted from 0; -1 is the last one. It has no meaning after the embedding and before the head.
/// </param>
/// <param name="InTraining">Whether the noise acts while the network trains.</param>
/// <param name="AtInference">
/// Whether the noise acts when the trained network predicts. With noise across the batch a prediction then depends on the other rows of its
/// batch.
/// </param>
/// <param name="IncludeClassToken">
/// Whether the class token gets noise like the patch tokens. Before the head there is only the class token, so there it always does.
/// </param>
/// <param name="Detached">
/// Whether gradients pass as if the noise were a constant: with factor 1 to the value itself, and 0 to the neighbours of a mixing.
/// </param>
/// <param name="Schedule">The strength over the steps of a training; null for full strength.</param>
public sealed record LatentNoisePlacement(
    NoiseDefinition Noise,
    NoiseSite Site,
    int Layer = -1,
    bool InTraining = true,
    bool AtInference = false,
    bool IncludeClassToken = false,
    bool Detached = false,
    NoiseSchedule? Schedule = null
)
{
    /// <summary>The kind of place.</summary>
    public NoiseSite Site
    {
        get;
        init => field = DefinedValue.Require(value);
    } = DefinedValue.Require(Site);

    /// <summary>
    /// The recipe of the released NoisyViT, whose published commands run <c>--tra 0 --inf 1 --OptimalQ 1</c>. It puts the optimal quality
    /// matrix across the batch on the attention branch of the last block, on patch tokens only, at inference only.
    /// </summary>
    public static LatentNoisePlacement ReleasedNoisyViT { get; } =
        new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.AttentionInput, Layer: -1, InTraining: false, AtInference: true);

    /// <summary>
    /// The recipe of the released residual network: a circular shift of strength 0.4, that of its training script, across the batch on the input
    /// of the last block. In ResNet-34 that is the third block of stage 4. The difference is detached from the gradient. The noise acts in training and also at
    /// inference, because the code does not check the mode.
    /// </summary>
    public static LatentNoisePlacement ReleasedNoisyResNet { get; } =
        new(
            new CircularShiftNoise(0.4, MixAxis.Batch),
            NoiseSite.BlockInput,
            Layer: -1,
            InTraining: true,
            AtInference: true,
            Detached: true
        );

    /// <summary>Whether the site is one of each block.</summary>
    public bool HasLayer => Site is not (NoiseSite.AfterEmbedding or NoiseSite.BeforeHead);

    /// <summary>Whether a prediction depends on the other rows of its batch.</summary>
    public bool IsTransductive => AtInference && Noise.IsTransductive;
}
