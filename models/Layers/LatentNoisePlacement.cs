using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Models.Layers;

/// <summary>Where in a network noise is added.</summary>
public enum NoiseSite
{
    /// <summary>
    /// After the embedding, before the first block: on the tokens with their positions, or on the maps that leave the stem.
    /// </summary>
    AfterEmbedding,

    /// <summary>On the residual stream that enters a block, so that everything after it sees the noise.</summary>
    BlockInput,

    /// <summary>
    /// On the attention branch of a block, after its first normalisation and before queries, keys and values.
    /// The residual stream stays clean. This is where the released NoisyViT mixes.
    /// </summary>
    AttentionInput,

    /// <summary>On the attention branch of a block, on what it adds to the residual stream.</summary>
    AttentionOutput,

    /// <summary>On the residual stream that leaves a block.</summary>
    BlockOutput,

    /// <summary>
    /// On the features that enter the classification head: the class token after the last normalisation, or the mean over the last maps.
    /// </summary>
    BeforeHead,
}

/// <summary>One noise at one place in a network, with separate switches for training and for inference.</summary>
/// <param name="Noise">What is added.</param>
/// <param name="Site">Where it is added.</param>
/// <param name="Layer">
/// The block, counted from 0; -1 is the last one. Without meaning after the embedding and before the head.
/// </param>
/// <param name="InTraining">Whether the noise acts while the network trains.</param>
/// <param name="AtInference">
/// Whether the noise acts when the trained network predicts. With noise across the batch a prediction then depends on the other rows of its
/// batch.
/// </param>
/// <param name="IncludeClassToken">
/// Whether the class token is noised like the patch tokens. Before the head there is nothing but the class token, so it always is there.
/// </param>
/// <param name="Detached">
/// Whether gradients pass as if the noise were a constant: 1 to the value itself, 0 to what a mixing takes from its neighbours.
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
    /// <summary>Where the noise is added.</summary>
    public NoiseSite Site
    {
        get;
        init => field = DefinedValue.Require(value);
    } = DefinedValue.Require(Site);

    /// <summary>
    /// The released NoisyViT recipe (the published commands run <c>--tra 0 --inf 1 --OptimalQ 1</c>): the optimal quality matrix across the
    /// batch, on the attention branch of the last block, patch tokens only, at inference only.
    /// </summary>
    public static LatentNoisePlacement ReleasedNoisyViT { get; } =
        new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.AttentionInput, Layer: -1, InTraining: false, AtInference: true);

    /// <summary>
    /// The released residual network: a circular shift of strength 0.3 across the batch on the input of the last block (in ResNet-34 the
    /// third of stage 4), its difference detached from the gradient, in training and, since the code asks for no mode, at inference too.
    /// </summary>
    public static LatentNoisePlacement ReleasedNoisyResNet { get; } =
        new(
            new CircularShiftNoise(0.3, MixAxis.Batch),
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
