namespace NoisyNN.Models.Layers;

/// <summary>The way that float32 products of a network's linear layers take on a CPU. Both give the same values up to rounding.</summary>
public enum LinearProduct
{
    /// <summary>A matrix product: libtorch's BLAS.</summary>
    Matrix,

    /// <summary>
    /// A 1 x 1 convolution over the rows as images: oneDNN, whose kernels use the vector instructions of every processor, where MKL keeps
    /// those of AVX-512 to Intel's.
    /// </summary>
    Convolution,
}

/// <summary>A layer with products of rows and a matrix of weights.</summary>
interface ILinearProducts
{
    /// <summary>The way of its products in float32.</summary>
    LinearProduct LinearProduct { get; set; }
}
