using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>Runs the commands of Slurm.</summary>
static class SlurmCommands
{
    /// <summary>Submits a job.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="IOException">Slurm has refused it, or is not installed.</exception>
    public static string Submit(SlurmJob job)
    {
        var (code, output, error) = Run("sbatch", job.Arguments, job.Script);
        // A number and, between several clusters, the name of the cluster.
        var number = output.Trim().Split(';')[0];
        return code == 0 && number.Length > 0 && number.All(char.IsAsciiDigit)
            ? number
            : throw new IOException($"sbatch has not accepted the job (exit code {code}): {OnOneLine(error + output)}");
    }

    /// <summary>The tasks of jobs that wait, run, or are suspended. Held ones do not count: nothing will start them.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <exception cref="IOException">The queue cannot be read.</exception>
    public static IReadOnlySet<int> Queued(IReadOnlyList<SubmittedJob> jobs)
    {
        var first = jobs.ToDictionary(job => job.Id, job => job.First);
        if (first.Count == 0)
            return new HashSet<int>();
        var (code, output, error) = Run(
            "squeue",
            [
                "--noheader",
                "--array",
                "--states=PENDING,RUNNING,SUSPENDED",
                $"--jobs={string.Join(',', first.Keys)}",
                // The number of the array, the number in it, and why it waits.
                "--format=%F %K %r",
            ],
            input: ""
        );
        // Slurm forgets jobs some minutes after their end.
        if (code != 0 && !error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            throw new IOException($"squeue cannot read the queue (exit code {code}): {OnOneLine(error)}");
        return output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 3))
            .Where(line => line.Length == 3 && !IsHeld(line[2]))
            .Select(line =>
                first.TryGetValue(line[0], out var offset)
                && int.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? offset + number
                    : -1
            )
            .ToHashSet();
    }

    /// <summary>Fails unless jobs can be submitted from this machine.</summary>
    /// <exception cref="IOException">There is no <c>sbatch</c>.</exception>
    public static void Require() => Run("sbatch", ["--version"], input: "");

    static string OnOneLine(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    static bool IsHeld(string reason) =>
        reason.Contains("held", StringComparison.OrdinalIgnoreCase) || reason.Contains("hold", StringComparison.OrdinalIgnoreCase);

    static (int Code, string Output, string Error) Run(string program, IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = System.Diagnostics.Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            try
            {
                process.StandardInput.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended without reading. Its exit code and its message say why.
            }
            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Win32Exception missing)
        {
            throw new IOException(
                $"{program} cannot be started: {new Win32Exception(missing.NativeErrorCode).Message}. Submit from a machine that has Slurm's commands, such as the login node "
                    + "of your cluster. --dry-run shows what would be submitted.",
                missing
            );
        }
    }
}
