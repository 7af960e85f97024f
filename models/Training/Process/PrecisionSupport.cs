using System.Runtime.Intrinsics.X86;
using NoisyNN.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Process;

/// <summary>Whether a precision pays on a device. A processor without instructions for it emulates bfloat16, slower than float32.</summary>
static class PrecisionSupport
{
    /// <exception cref="NotSupportedException">The network or the device has no products of this precision; the message says
    /// why.</exception>
    public static void ThrowIfMissing(Precision precision, nn.Module network, Device device)
    {
        if (precision == Precision.Float32)
            return;
        var reason =
            !network.modules().OfType<IMixedPrecision>().Any()
                ? $"a {network.GetType().Name} has no layer that computes in another precision than float32"
            : device.type == DeviceType.CPU ? ReasonOnProcessor()
            : ReasonByTrial(device);
        if (reason is not null)
            throw new NotSupportedException($"{nameof(Precision)} is {precision}, but {reason}. Set it to {nameof(Precision.Float32)}.");
    }

    /// <summary>Why this processor should not compute in bfloat16; null if it should.</summary>
    public static string? ReasonOnProcessor()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return "it pays on a CPU with AVX512-BF16 or AMX-BF16 only, and this one is not known to have either";
        var hasAvx512 = (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        var hasAmx = (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
        return hasAvx512 || hasAmx ? null : "this CPU has neither AVX512-BF16 nor AMX-BF16, and emulating them is slower than float32";
    }

    /// <summary>Why products on this device cannot be used, from a small one of each kind; null if they can.</summary>
    internal static string? ReasonByTrial(Device device)
    {
        try
        {
            using var scope = NewDisposeScope();
            var ones = torch.ones(8, 8, dtype: ScalarType.BFloat16, device: device);
            var maps = nn.functional.conv2d(ones.reshape(1, 1, 8, 8), ones.narrow(0, 0, 3).narrow(1, 0, 3).reshape(1, 1, 3, 3));
            return Sum(ones.mm(ones)) == 512 && Sum(maps) == 36 * 9 ? null : $"products of bfloat16 are wrong on {device}";
        }
        catch (Exception exception)
            when (exception is System.Runtime.InteropServices.ExternalException or InvalidOperationException or NotSupportedException)
        {
            return $"{device} has no products of bfloat16 ({exception.Message})";
        }

        static float Sum(Tensor product) => product.to_type(ScalarType.Float32).sum().item<float>();
    }
}
