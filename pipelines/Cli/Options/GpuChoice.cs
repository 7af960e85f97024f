using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>
/// Checks the device that <c>--gpu ID</c> names. A missing device is an error before any work; a run never falls back to the CPU.
/// </summary>
static class GpuChoice
{
    const string Remedy =
        "Leave out --gpu to compute on the CPU, or set up the CUDA builds (NOISYNN_GPU=cuda ./noisynn setup). 'noisynn "
        + "doctor' shows what this machine has.";

    /// <exception cref="InvalidOperationException">libtorch does not see this device.</exception>
    public static void RequireForTraining(int? device)
    {
        if (device is not { } id)
            return;
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (id >= count)
            throw new InvalidOperationException(
                $"--gpu {id}: libtorch sees {(count == 0 ? "no CUDA device" : $"the CUDA devices 0 to {count - 1}")}. {Remedy}"
            );
    }

    /// <summary>A context that scores on this device only.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime was built without CUDA.</exception>
    public static MLContext ContextForScoring(int? device)
    {
        if (device is { } id && !OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            throw new InvalidOperationException($"--gpu {id}: this ONNX Runtime was built without CUDA. {Remedy}");
        return new MLContext { GpuDeviceId = device, FallbackToCpu = false };
    }
}
