using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Pipelines.Commands;

/// <summary>What a machine has for this program, and what is missing.</summary>
/// <param name="Facts">What was found, by name.</param>
/// <param name="Problems">What is missing or slow, each with its remedy.</param>
public sealed record DoctorReport(
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
        Find("torch", EngineProbe.TorchVersion, "Run './noisynn setup'.");
        Find("onnxruntime", EngineProbe.OnnxRuntimeVersion, "Run './noisynn setup'.");
        Find("onnxProviders", () => string.Join(", ", OrtEnv.Instance().GetAvailableProviders()), "Run './noisynn setup'.");
        Find("cuda", () => torch.cuda.is_available() ? $"{torch.cuda.device_count()} device(s)" : "none: training runs on the CPU", "Run './noisynn setup'.");
        Find("threads", () => $"{torch.get_num_threads()}, unless an experiment says otherwise", "Run './noisynn setup'.");
        Find("openmp", OpenMp.Describe, "Run './noisynn setup'.");
        Find("linearProducts", () => $"{FastestProduct.On(torch.CPU)}".ToLowerInvariant(), $"Set {FastestProduct.Variable} to matrix or convolution, or not at all.");
        Find("fashion-mnist", () => FashionMnist(problems), "Run the program from its checkout, where data-manifests/ is.");
        foreach (var variable in (string[])["MKL_NUM_THREADS", "GLIBC_TUNABLES", FastestProduct.Variable])
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
                facts[variable] = value;

        return new DoctorReport(facts, problems);

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
}

/// <summary>Something missing or slow.</summary>
public sealed record DoctorProblem(string What, string Cause, string Remedy);
