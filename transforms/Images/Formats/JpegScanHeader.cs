namespace NoisyNN.Transforms.Images.Formats;

/// <summary>The parameters of a scan (T.81, B.2.3) that apply to all its components.</summary>
/// <param name="First">The first coefficient in zigzag order.</param>
/// <param name="Last">The last one.</param>
/// <param name="HighBit">The last bit that an earlier scan has sent; 0 for the first scan of the coefficients.</param>
/// <param name="LowBit">The last bit that this scan sends.</param>
readonly record struct JpegScanHeader(int First, int Last, int HighBit, int LowBit)
{
    /// <summary>Whether a progressive file may have such a scan (T.81, G.1.1.1).</summary>
    public bool IsProgressive(int componentCount) =>
        (First == 0 ? Last == 0 : Last is >= 1 and <= 63 && First <= Last && componentCount == 1)
        && LowBit <= 13
        && (HighBit == 0 || HighBit == LowBit + 1);
}
