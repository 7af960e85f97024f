namespace NoisyNN.Models.Layers;

/// <summary>The ways to compute float32 products of linear layers on a CPU. Both give the same values up to rounding.</summary>
public enum LinearProduct
{
    /// <summary>A matrix product by libtorch's BLAS.</summary>
    Matrix,

    /// <summary>
    /// A 1 x 1 convolution over the rows as images, by oneDNN. Its kernels use the vector instructions of every processor; MKL uses AVX-512
    /// only on Intel's.
    /// </summary>
    Convolution,
}

/// <summary>A layer with products of rows and a matrix of weights.</summary>
interface ILinearProducts
{
    /// <summary>The way to compute its products in float32.</summary>
    LinearProduct LinearProduct { get; set; }
}
