using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Layers;

/// <summary>Where in a transformer noise is added.</summary>
public enum NoiseSite
{
    /// <summary>On the tokens after the patch and position embedding, before the first block.</summary>
    AfterEmbedding,

    /// <summary>On the residual stream that enters a block, so that everything after it sees the noise.</summary>
    BlockInput,

    /// <summary>
    /// On the attention branch of a block, after its first normalisation and before queries, keys and values.
    /// The residual stream stays clean. This is where the released NoisyViT mixes.
    /// </summary>
    AttentionInput,

    /// <summary>On the features that enter the classification head: the class token after the last normalisation.</summary>
    BeforeHead,
}

/// <summary>One noise at one place in a network, with separate switches for training and for inference.</summary>
/// <param name="Noise">What is added.</param>
/// <param name="Site">Where it is added.</param>
/// <param name="Layer">
/// The block, counted from 0; -1 is the last one. Only <see cref="NoiseSite.BlockInput"/> and <see cref="NoiseSite.AttentionInput"/> have blocks.
/// </param>
/// <param name="InTraining">Whether the noise acts while the network trains.</param>
/// <param name="AtInference">
/// Whether the noise acts when the trained network predicts. With noise across the batch a prediction then depends on the other rows of its batch.
/// </param>
/// <param name="IncludeClassToken">
/// Whether the class token is noised like the patch tokens. Before the head there is nothing but the class token, so it always is there.
/// </param>
public sealed record LatentNoisePlacement(
    NoiseDefinition Noise,
    NoiseSite Site,
    int Layer = -1,
    bool InTraining = true,
    bool AtInference = false,
    bool IncludeClassToken = false)
{
    /// <summary>
    /// The released NoisyViT recipe (the published commands run <c>--tra 0 --inf 1 --OptimalQ 1</c>): the optimal quality matrix across the batch,
    /// on the attention branch of the last block, patch tokens only, at inference only.
    /// </summary>
    public static LatentNoisePlacement ReleasedNoisyViT { get; } =
        new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.AttentionInput, Layer: -1, InTraining: false, AtInference: true);

    /// <summary>Whether a prediction depends on the other rows of its batch.</summary>
    public bool IsTransductive => AtInference && Noise.IsTransductive;
}
