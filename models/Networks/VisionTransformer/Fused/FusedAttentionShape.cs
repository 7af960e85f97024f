namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>The sizes of one attention.</summary>
/// <param name="Batch">N</param>
/// <param name="Heads">The number of heads, which are computed separately.</param>
/// <param name="Queries">The tokens that attend.</param>
/// <param name="Keys">The tokens that they attend to.</param>
/// <param name="Dimension">The dimension of a head, a multiple of 16.</param>
readonly record struct FusedAttentionShape(int Batch, int Heads, int Queries, int Keys, int Dimension)
{
    /// <summary>The number of separate computations: the heads of all images.</summary>
    public int Pairs => Batch * Heads;

    /// <summary>The number of keys, rounded up to whole vectors of 16.</summary>
    public int PaddedKeys => (Keys + 15) / 16 * 16;

    /// <summary>The factor on the scores.</summary>
    public float Scale => (float)Math.Pow(Dimension, -0.5);
}
