using System.Diagnostics;
using System.Reflection;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>How a program starts itself a second time, as the process of a model.</summary>
static class HostCommand
{
    /// <summary>The variable that tells a process what it is.</summary>
    public const string Variable = "NOISYNN_MODEL_PROCESS";

    const string Hooks = "DOTNET_STARTUP_HOOKS";

    // Small parts of the runtime, in hexadecimal: a heap of 512 MB, one collector, and no files or sockets for debuggers.
    static readonly (string Name, string Value)[] s_runtime =
    [
        ("DOTNET_GCHeapHardLimit", "20000000"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_EnableDiagnostics", "0"),
        ("DOTNET_DbgEnableMiniDump", "0"),
    ];

    /// <exception cref="NotSupportedException">This program cannot be started in this way.</exception>
    public static ProcessStartInfo Create()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            throw NotPossible("this process runs a model already");
        if (AppContext.TryGetSwitch("System.StartupHookProvider.IsSupported", out var isSupported) && !isSupported)
            throw NotPossible("it was published without startup hooks; publish it with <StartupHookSupport>true</StartupHookSupport>");
        var program = Environment.ProcessPath ?? throw NotPossible("its file is not known");

        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            foreach (var argument in Arguments())
                start.ArgumentList.Add(argument);
        var library = typeof(HostCommand).Assembly;
        // In a program of one file, the library has a name and no place.
#pragma warning disable IL3000 // The empty location is what is asked for.
        start.Environment[Hooks] = library.Location is { Length: > 0 } path ? path : library.GetName().Name;
#pragma warning restore IL3000
        start.Environment[Variable] = "1";
        foreach (var (name, value) in s_runtime)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>What the program 'dotnet' needs to know: the application, and the two files that say where its libraries are.</summary>
    static IEnumerable<string> Arguments()
    {
        const string Dependencies = ".deps.json",
            Configuration = ".runtimeconfig.json";
        var application = Assembly.GetEntryAssembly()?.Location is { Length: > 0 } entry
            ? entry
            : throw NotPossible("its application is not known");
        var dependencies = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0];
        if (dependencies?.EndsWith(Dependencies, StringComparison.Ordinal) != true)
            return [application];
        var configuration = dependencies[..^Dependencies.Length] + Configuration;
        return File.Exists(configuration)
            ? ["exec", "--depsfile", dependencies, "--runtimeconfig", configuration, application]
            : [application];
    }

    static NotSupportedException NotPossible(string reason) =>
        new(
            $"This program cannot run a model in a process of its own: {reason}. Without {nameof(ModelIsolation)} the "
                + "model runs in this process; do that with files of known origin only."
        );
}
