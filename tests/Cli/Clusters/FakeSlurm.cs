using System.Runtime.Versioning;

namespace NoisyNN.Tests.Cli.Clusters;

/// <summary>
/// Stand-ins for Slurm's commands, first on the path. <c>sbatch</c> writes down its arguments and its script, and numbers jobs from 100.
/// </summary>
[UnsupportedOSPlatform("windows")]
sealed class FakeSlurm : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public FakeSlurm()
    {
        Write(
            "sbatch",
            $$"""
            #!/bin/sh
            [ "$1" != --version ] || exit 0
            [ ! -e '{{_folder["refusal"]}}' ] || { cat '{{_folder["refusal"]}}' >&2; exit 1; }
            number=$(ls '{{_folder.Path}}' | grep -c '^arguments-')
            cat > '{{_folder.Path}}'/script-$number
            printf '%s\n' "$@" > '{{_folder.Path}}'/arguments-$number
            echo $((100 + number))
            """
        );
        Write(
            "squeue",
            $$"""
            #!/bin/sh
            printf '%s\n' "$@" > '{{_folder["squeue-arguments"]}}'
            cat '{{_folder["queue"]}}'
            """
        );
        File.WriteAllText(_folder["queue"], "");
        Environment.SetEnvironmentVariable("PATH", $"{_folder.Path}:{_path}");
    }

    /// <summary>The jobs that were submitted: arguments and script.</summary>
    public IReadOnlyList<(string[] Arguments, string Script)> Jobs =>
        [
            .. Enumerable
                .Range(0, Directory.GetFiles(_folder.Path, "arguments-*").Length)
                .Select(job => (File.ReadAllLines(_folder[$"arguments-{job}"]), File.ReadAllText(_folder[$"script-{job}"]))),
        ];

    /// <summary>What <c>squeue</c> prints.</summary>
    public string Queue
    {
        set => File.WriteAllText(_folder["queue"], value);
    }

    /// <summary>The arguments of the last <c>squeue</c>.</summary>
    public string[] QueueArguments => File.ReadAllLines(_folder["squeue-arguments"]);

    /// <summary>What <c>sbatch</c> says when it refuses a job; null if it accepts.</summary>
    public string? Refusal
    {
        set
        {
            File.Delete(_folder["refusal"]);
            if (value is not null)
                File.WriteAllText(_folder["refusal"], value);
        }
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }

    void Write(string name, string script)
    {
        File.WriteAllText(_folder[name], script + "\n");
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
