using Microsoft.ML;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Models.Training.Process;

/// <summary>Where a context's trainers compute.</summary>
static class TrainingDevice
{
    /// <summary>The GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU.</summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded.</exception>
    /// <exception cref="InvalidOperationException">There is no such GPU, and <see cref="MLContext.FallbackToCpu"/> is off.</exception>
    public static torch.Device Choose(MLContext context)
    {
        Libtorch.Require();
        if (context.GpuDeviceId is not { } id)
            return torch.CPU;
        var available = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (id >= 0 && id < available)
            return torch.device(DeviceType.CUDA, id);
        return context.FallbackToCpu
            ? torch.CPU
            : throw new InvalidOperationException(
                $"MLContext.GpuDeviceId is {id}, but this process sees {available} CUDA devices. "
                    + "Set MLContext.FallbackToCpu to train on the CPU, leave GpuDeviceId null, or install a CUDA build of libtorch."
            );
    }
}
