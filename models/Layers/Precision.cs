using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The number format of a network's large matrix products and convolutions. Weights, normalisations, softmax and loss are always float32.
/// </summary>
public enum Precision
{
    /// <summary>24 significant bits.</summary>
    Float32,

    /// <summary>
    /// Factors rounded to 8 significant bits, products summed in float32 (Kalamkar et al., arXiv 1905.12322). The exponent is that of
    /// float32, so the loss needs no scaling.
    /// </summary>
    Bfloat16,
}

/// <summary>A layer with products that may be computed in another precision; it takes and gives float32.</summary>
public interface IMixedPrecision
{
    /// <summary>The number format of its products.</summary>
    Precision Precision { get; set; }
}

/// <summary>
/// Matrix products and convolutions in a chosen precision. TorchSharp has no autocast, so the factors are cast here. Results stay in the
/// precision of the product.
/// </summary>
static class Products
{
    // With fewer images than this, libtorch does not run a convolution of one thread on oneDNN (use_mkldnn in its Convolution.cpp).
    const long ImageCount = 16;

    // With fewer rows the convolution costs more than it gains.
    const long FewestRows = 256;

    public static Tensor Linear(Tensor input, Linear layer, Precision precision, LinearProduct way = LinearProduct.Matrix) =>
        Linear(input, layer.weight!, layer.bias!, precision, way);

    /// <param name="input">[rows, inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]</param>
    /// <param name="precision">The number format; bfloat16 always runs on oneDNN.</param>
    /// <param name="way">The way to compute float32. It is a matrix product if there are few rows, or if their number does not divide into
    /// images.</param>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor bias, Precision precision, LinearProduct way = LinearProduct.Matrix) =>
        way == LinearProduct.Convolution
        && precision == Precision.Float32
        && input.ndim == 2
        && input.shape[0] >= FewestRows
        && input.shape[0] % ImageCount == 0
            ? AsConvolution(input, weight, bias)
            : functional.linear(Cast(input, precision), Cast(weight, precision), Cast(bias, precision));

    /// <summary>The rows become pixels of images whose channels lie side by side, so that neither side is copied.</summary>
    static Tensor AsConvolution(Tensor input, Tensor weight, Tensor bias)
    {
        var (rows, inputs, outputs) = (input.shape[0], weight.shape[1], weight.shape[0]);
        var images = input.reshape(ImageCount, rows / ImageCount, 1, inputs).permute(0, 3, 1, 2);
        return functional.conv2d(images, weight.reshape(outputs, inputs, 1, 1), bias).permute(0, 2, 3, 1).reshape(rows, outputs);
    }

    /// <summary>The products [..., n, m] of matrices [..., n, k] and [..., k, m]; their leading dimensions must agree.</summary>
    /// <remarks>
    /// TorchSharp 0.107 catches no exception inside its own <c>matmul</c>, so shapes that do not fit, or too little memory, end the
    /// process. <c>mm</c> and <c>bmm</c>, which libtorch's <c>matmul</c> calls too, throw.
    /// </remarks>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Matmul(Tensor left, Tensor right, Precision precision)
    {
        var (first, second) = (left.shape, right.shape);
        if (
            first.Length < 2
            || first.Length != second.Length
            || first[^1] != second[^2]
            || !first.AsSpan(..^2).SequenceEqual(second.AsSpan(..^2))
        )
            throw new ArgumentException(
                $"Matrices of shape [{string.Join(", ", first)}] and [{string.Join(", ", second)}] "
                    + "have no product; [..., n, k] and [..., k, m] have one."
            );

        (left, right) = (Cast(left, precision), Cast(right, precision));
        return first.Length switch
        {
            2 => left.mm(right),
            3 => left.bmm(right),
            _ => left.flatten(0, -3).bmm(right.flatten(0, -3)).reshape([.. first[..^1], second[^1]]),
        };
    }

    public static Tensor Convolution(Tensor maps, Tensor weight, Tensor? bias, long[] strides, long[] padding, Precision precision) =>
        functional.conv2d(Cast(maps, precision), Cast(weight, precision), bias is null ? null : Cast(bias, precision), strides, padding);

    /// <summary>Converts back to float32 for sums and normalisations.</summary>
    public static Tensor Single(Tensor result) => Cast(result, Precision.Float32);

    static Tensor Cast(Tensor tensor, Precision precision)
    {
        var type = precision == Precision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        return tensor.dtype == type ? tensor : tensor.to_type(type);
    }
}
