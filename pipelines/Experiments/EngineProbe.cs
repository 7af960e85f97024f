using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Pipelines.Reports;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Which engines this program runs on: where they came from, their versions, the device and the BLAS that is really loaded.</summary>
public static class EngineProbe
{
    /// <summary>What the program was compiled with: "nuget" (the official packages) or "system" (compat/ over the system's libraries).</summary>
    public static string Supply { get; } = typeof(EngineProbe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == "Engines")?.Value ?? "unknown";

    /// <summary>ML.NET's version.</summary>
    public static string MLNetVersion => VersionOf(typeof(MLContext).Assembly, api: "5.0.0");

    /// <summary>TorchSharp's version and the one of the libtorch under it.</summary>
    public static string TorchVersion() => $"{VersionOf(typeof(torch).Assembly, api: "0.102.7")}, libtorch {torch.__version__}";

    /// <summary>ONNX Runtime's version, as its library says.</summary>
    public static string OnnxRuntimeVersion() => OrtEnv.Instance().GetVersionString();

    /// <summary>The device that training runs on.</summary>
    public static string Device(int? gpuDeviceId) => gpuDeviceId is { } device && torch.cuda.is_available() ? $"cuda:{device}" : "cpu";

    /// <summary>The entry of <c>summary.json</c>.</summary>
    public static EngineSummary Summarize(int? gpuDeviceId, int threads) =>
        new(Supply, MLNetVersion, TorchVersion(), OnnxRuntimeVersion(), Device(gpuDeviceId), threads);

    /// <summary>The files of the BLAS libraries that are loaded, after a first product made sure that there are some.</summary>
    public static IReadOnlyList<string> LoadedBlas()
    {
        using (var matrix = torch.ones(64, 64))
        using (var product = matrix.mm(matrix))
            product.sum().Dispose();

        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps))
            return [];

        string[] names = ["blas", "mkl", "blis", "atlas"];
        return [.. File.ReadLines(Maps)
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => path.StartsWith('/') && names.Any(name => Path.GetFileName(path).Contains(name, StringComparison.OrdinalIgnoreCase)))
            .Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The official packages' own version, or the version whose public API the stand-in in compat/ follows.</summary>
    static string VersionOf(Assembly assembly, string api)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? assembly.GetName().Version?.ToString()
            ?? "unknown";
        return Supply == "system" ? $"{api} (compat {version})" : version;
    }
}
