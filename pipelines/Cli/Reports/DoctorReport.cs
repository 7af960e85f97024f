using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Training.Process;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Transforms.Native;
using NoisyNN.Transforms.Onnx.Sessions;
using TorchSharp;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>What a machine has for this program, and what is missing.</summary>
/// <param name="Facts">What was found, by name.</param>
/// <param name="Problems">What is missing or slow, each with its remedy.</param>
public sealed record DoctorReport(IReadOnlyDictionary<string, string> Facts, IReadOnlyList<DoctorProblem> Problems)
{
    /// <summary>Environment variables that change the speed or the behaviour of the native libraries.</summary>
    static readonly string[] s_variables = ["MKL_NUM_THREADS", "GLIBC_TUNABLES", FastestProduct.Variable, "ORT_DISABLE_TELEMETRY"];

    /// <summary>Examines this machine. What is missing is reported and does not cause an exception.</summary>
    public static DoctorReport Examine()
    {
        var facts = new Dictionary<string, string>();
        var problems = new List<DoctorProblem>();

        facts["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";
        facts["dotnet"] = RuntimeInformation.FrameworkDescription;
        facts["processors"] = $"{Environment.ProcessorCount}";
        facts["memory"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 20)} MiB";

        Find("mlnet", () => EngineProbe.MLNetVersion, Installation.Remedy);
        if (Find("torch", EngineProbe.TorchVersion, Installation.Remedy))
        {
            Find("cuda", Cuda, Installation.Remedy);
            Find("threads", () => $"{torch.get_num_threads()}, unless an experiment says otherwise", Installation.Remedy);
            Find("openmp", OpenMp.Describe, Installation.Remedy);
            Find(
                "linearProducts",
                static () => $"{FastestProduct.On(torch.CPU)}".ToLowerInvariant(),
                $"Set {FastestProduct.Variable} to matrix or convolution, or not at all."
            );
        }
        if (OperatingSystem.IsLinux())
            Find("libstdc++", SystemCppLibrary, Installation.Remedy);
        Find("onnxruntime", EngineProbe.OnnxRuntimeVersion, Installation.Remedy);
        Find("onnxProviders", () => string.Join(", ", OrtEnv.Instance().GetAvailableProviders()), Installation.Remedy);
        if (facts["onnxProviders"].Contains("CUDA", StringComparison.Ordinal))
            Find("onnxCuda", OnnxCuda, "Or set up with NOISYNN_GPU=none.");
        Find("fashion-mnist", () => FashionMnist(problems), "Run the program from its checkout, where data-manifests/ is.");
        foreach (var variable in s_variables)
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
                facts[variable] = value;

        return new DoctorReport(facts, problems);

        bool Find(string name, Func<string> probe, string remedy)
        {
            try
            {
                facts[name] = probe();
                return true;
            }
            catch (Exception missing)
            {
                facts[name] = "not usable";
                problems.Add(
                    missing is LibtorchUnavailableException libtorch
                        ? new(name, libtorch.Cause, libtorch.Remedy)
                        : new(name, Failure.Explain(missing).Line, remedy)
                );
                return false;
            }
        }
    }

    static string Cuda() => torch.cuda.is_available() ? $"{torch.cuda.device_count()} device(s)" : "none: training runs on the CPU";

    /// <summary>The newest version that this system's C++ library has, and whether TorchSharp needs a patched copy.</summary>
    static string SystemCppLibrary()
    {
        var newest = SystemVersions.Newest(SystemVersions.Defined(SystemVersions.CppLibrary), of: "GLIBCXX_3.4") ?? "not found";
        return OlderLinux.IsInUse
            ? $"{newest}; TorchSharp's library asks for a newer version and runs from a copy in memory that does not"
            : newest;
    }

    static string OnnxCuda() =>
        ExecutionDevice.ReasonAgainstCuda(0) is { } reason ? throw new InvalidOperationException(reason) : "device 0";

    static string FashionMnist(List<DoctorProblem> problems)
    {
        var manifest = DataManifest.Find("fashion-mnist");
        var folders = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            if (FileLocator.Candidates(manifest, file, dataRoot: null).FirstOrDefault(File.Exists) is not { } path)
            {
                problems.Add(new("fashion-mnist", "the demo's images are not installed.", FileLocator.Remedy(manifest, file)));
                return $"{file.Name} not found";
            }
            folders.Add(Path.GetDirectoryName(path)!);
        }
        return string.Join(", ", folders);
    }
}

/// <summary>Something missing or slow.</summary>
public sealed record DoctorProblem(string What, string Cause, string Remedy);
