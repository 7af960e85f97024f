using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using TorchSharp;

namespace NoisyNN.Pipelines.Commands;

/// <summary>What a machine has for this program, and what is missing.</summary>
/// <param name="Supply">Where ML.NET, TorchSharp and ONNX Runtime come from.</param>
/// <param name="Reason">Why from there.</param>
/// <param name="Facts">What was found, by name.</param>
/// <param name="Problems">What is missing or slow, each with its remedy.</param>
public sealed record DoctorReport(
    string Supply,
    string Reason,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<DoctorProblem> Problems)
{
    /// <summary>Looks at this machine. Nothing that is missing makes it fail: it is reported.</summary>
    public static DoctorReport Examine()
    {
        var facts = new Dictionary<string, string>();
        var problems = new List<DoctorProblem>();

        facts["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";
        facts["dotnet"] = RuntimeInformation.FrameworkDescription;
        facts["processors"] = $"{Environment.ProcessorCount}";
        facts["memory"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 20)} MiB";

        Find("mlnet", () => EngineProbe.MLNetVersion, "Run './noisynn setup'.");
        Find("torch", EngineProbe.TorchVersion, "Run './noisynn setup'; the system supply needs Debian's libtorch-dev, or another libtorch in LIBTORCH.");
        Find("onnxruntime", EngineProbe.OnnxRuntimeVersion, "Run './noisynn setup'.");
        Find("onnxProviders", () => string.Join(", ", OrtEnv.Instance().GetAvailableProviders()), "Run './noisynn setup'.");
        Find("cuda", () => torch.cuda.is_available() ? $"{torch.cuda.device_count()} device(s)" : "none: training runs on the CPU", "Run './noisynn setup'.");
        Find("threads", () => $"{Environment.ProcessorCount} in training unless an experiment says otherwise; libtorch's own default is {torch.get_num_threads()}", "Run './noisynn setup'.");
        Find("blas", () => Blas(problems), "Run './noisynn setup'.");
        Find("fashion-mnist", () => FashionMnist(problems), "Run the program from its checkout, where data-manifests/ is.");
        foreach (var variable in (string[])["OPENBLAS_CORETYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GLIBC_TUNABLES", "LIBTORCH"])
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
                facts[variable] = value;

        return new DoctorReport(EngineProbe.Supply, Why(), facts, problems);

        void Find(string name, Func<string> probe, string remedy)
        {
            try
            {
                facts[name] = probe();
            }
            catch (Exception missing)
            {
                facts[name] = "not usable";
                problems.Add(new DoctorProblem(name, Failure.Explain(missing).Line, remedy));
            }
        }
    }

    static string Blas(List<DoctorProblem> problems)
    {
        var libraries = EngineProbe.LoadedBlas();
        if (libraries.Count == 0)
            return OperatingSystem.IsLinux() ? "built into libtorch" : "unknown on this system";

        if (!libraries.Any(path => path.Contains("openblas", StringComparison.Ordinal) || path.Contains("mkl", StringComparison.Ordinal) || path.Contains("blis", StringComparison.Ordinal)))
            problems.Add(new("blas", "libtorch computes with the reference BLAS, which is far slower than OpenBLAS.", "Install libopenblas0-openmp and start through ./noisynn."));
        else if (libraries.Any(path => path.Contains("openblas-pthread", StringComparison.Ordinal)))
            problems.Add(new("blas", "OpenBLAS with its own threads fights with libtorch's; a training step takes 2 to 3 times as long.", "Install libopenblas0-openmp and start through ./noisynn."));
        return string.Join(", ", libraries);
    }

    static string FashionMnist(List<DoctorProblem> problems)
    {
        var manifest = DataManifest.Find("fashion-mnist");
        try
        {
            return Path.GetDirectoryName(FileLocator.Find(manifest, manifest.Files[0]))!;
        }
        catch (FileNotFoundException missing)
        {
            problems.Add(new("fashion-mnist", "the demo's images are not installed.", FileLocator.Remedy(manifest, manifest.Files[0])));
            return missing.FileName is { } file ? $"{file} not found" : "not found";
        }
    }

    /// <summary>The script writes down which supply it chose and why; without it the choice was made in the build.</summary>
    static string Why()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var note = Path.Combine(folder.FullName, ".noisynn", "engines");
            if (File.Exists(note) && File.ReadAllText(note).Trim().Split(' ', 2) is [var chosen, var reason] && chosen == EngineProbe.Supply)
                return reason;
        }

        return $"the program was built with -p:Engines={EngineProbe.Supply}";
    }
}

/// <summary>Something missing or slow.</summary>
public sealed record DoctorProblem(string What, string Cause, string Remedy);
