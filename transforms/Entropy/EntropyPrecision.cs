namespace NoisyNN.Transforms.Entropy;

/// <summary>The arithmetic of distances and eigenvalues.</summary>
public enum EntropyPrecision
{
    /// <summary>float64: ten digits.</summary>
    Double,

    /// <summary>
    /// float32: about half of the time and memory at some thousand rows, within 1e-5 bit of float64. If too many eigenvalues are as small
    /// as its rounding (near-duplicates), they are computed again in float64. Modes without a symmetric matrix stay with float64.
    /// </summary>
    Single,
}
