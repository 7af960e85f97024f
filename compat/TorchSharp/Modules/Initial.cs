using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// First values of layers. As in the official library they are drawn in 32-bit floats on the CPU and then converted, so that a seed gives
/// the same network in every element type and on every device.
/// </summary>
internal static class Initial
{
    /// <summary>Uniform within ±bound. PyTorch's rule for linear and convolutional layers is the bound 1 / sqrt(fan-in), for weights and biases alike.</summary>
    internal static Parameter Uniform(long[] sizes, double bound, ScalarType? dtype, Device? device) =>
        Converted(empty(sizes, ScalarType.Float32, CPU).uniform_(-bound, bound), dtype, device);

    /// <summary>Normal with mean 0 and variance 1.</summary>
    internal static Parameter Normal(long[] sizes, ScalarType? dtype, Device? device) =>
        Converted(empty(sizes, ScalarType.Float32, CPU).normal_(), dtype, device);

    private static Parameter Converted(Tensor drawn, ScalarType? dtype, Device? device)
    {
        var type = dtype ?? get_default_dtype();
        device = InitializeDevice(device);
        return new Parameter(type == drawn.dtype && device.type == DeviceType.CPU ? drawn : drawn.to(type, device, disposeAfter: true));
    }
}
