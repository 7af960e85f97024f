using System.Diagnostics;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.RealFiles.Outputs;

/// <summary>
/// A folder with a model and images, and scripts that run the program there as a process of its own: <c>noisynn</c> is the program.
/// </summary>
sealed class OutputDrill : IDisposable
{
    const string Common = """
        set -u
        noisynn() { dotnet "$PROGRAM" "$@"; }
        # Waits until something is so, or for a minute.
        until_so() { local turn; for turn in $(seq 3000); do eval "$1" && return; sleep 0.02; done; echo "never: $1" >&2; exit 9; }

        """;

    public OutputDrill(params IReadOnlyList<string> labels)
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey with { Dimension = 64, MlpDimension = 256 });
        OnnxExporter.Export(
            network,
            new() { Labels = labels.Count > 0 ? labels : [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] },
            Folder["model.onnx"]
        );
        for (var image = 0; image < 3; image++)
            Folder.Write($"images/{image}.png", ImageFiles.Png(image));
    }

    public TemporaryFolder Folder { get; } = new();

    public string this[string path] => Folder[path];

    public void Dispose() => Folder.Dispose();

    /// <summary>Runs a script of bash to its end; it must end with 0.</summary>
    /// <returns>The lines of its standard output.</returns>
    public string[] Run(string script)
    {
        // Whoever runs the tests under nohup ignores SIGHUP, and so would bash and all that it starts.
        string[] bash = ["bash", "-c", Common + script];
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=HUP", .. bash] : bash;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder.Path,
        };
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The script did not end. {error.Result} {output.Result}");
        }
        Assert.AreEqual(0, process.ExitCode, $"{error.Result} {output.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
