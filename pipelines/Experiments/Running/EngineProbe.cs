using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>The engines that this program runs on: their versions and the device.</summary>
public static class EngineProbe
{
    /// <summary>ML.NET's version.</summary>
    public static string MLNetVersion => VersionOf(typeof(MLContext).Assembly);

    /// <summary>TorchSharp's version and the one of the libtorch under it.</summary>
    public static string TorchVersion()
    {
        Libtorch.Require();
        return $"{VersionOf(typeof(torch).Assembly)}, libtorch {torch.__version__}";
    }

    /// <summary>ONNX Runtime's version, as its library says.</summary>
    public static string OnnxRuntimeVersion() => OrtEnv.Instance().GetVersionString();

    /// <summary>The device that training runs on.</summary>
    public static string Device(int? gpuDeviceId) => gpuDeviceId is { } device && torch.cuda.is_available() ? $"cuda:{device}" : "cpu";

    /// <summary>The entry of <c>summary.json</c>.</summary>
    public static EngineSummary Summarize(int? gpuDeviceId, int threads) =>
        new(MLNetVersion, TorchVersion(), OnnxRuntimeVersion(), Device(gpuDeviceId), threads);

    static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
