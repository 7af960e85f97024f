namespace NoisyNN.Transforms.Noise;

/// <summary>The axis that a linear transform noise mixes: Z' = (I+Q)Z, where Z has one row for each index of the axis.</summary>
public enum MixAxis
{
    /// <summary>
    /// The rows (samples) of a batch, as in the authors' published code. A row's result then depends on its neighbours (it is
    /// transductive), and k is the batch size.
    /// </summary>
    Batch,

    /// <summary>The tokens of one sample: the first axis of a <c>[tokens, channels]</c> column.</summary>
    Tokens,

    /// <summary>The pixel rows of one image: the middle axis of a <c>[channels, height, width]</c> column, within each channel.</summary>
    SpatialRows,

    /// <summary>
    /// The channels of one sample: the first axis of <c>[channels, height, width]</c>, the last of <c>[tokens, channels]</c>.
    /// </summary>
    Channels,
}
