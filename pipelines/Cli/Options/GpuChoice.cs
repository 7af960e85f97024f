using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>
/// What <c>--gpu ID</c> asks for. A GPU that was named and is not there is an error before any work, never a silent hour on the CPU.
/// </summary>
static class GpuChoice
{
    const string Remedy =
        "Leave out --gpu to compute on the CPU, or use builds for CUDA (NOISYNN_GPU=cuda ./noisynn setup); 'noisynn doctor' shows what is there.";

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

    /// <summary>A context that scores on the device, and on nothing else.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime was built without CUDA.</exception>
    public static MLContext ContextForScoring(int? device)
    {
        if (device is { } id && !OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            throw new InvalidOperationException($"--gpu {id}: this ONNX Runtime was built without CUDA. {Remedy}");
        return new MLContext { GpuDeviceId = device, FallbackToCpu = false };
    }
}
