using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

/// <summary>A process, as other machines can name it.</summary>
/// <param name="Host">The name of its machine, for people.</param>
/// <param name="Machine">The start of the system that numbers the process: numbers of two systems say nothing about each other.</param>
/// <param name="Id">Its number.</param>
/// <param name="Start">When it started, in units of its system: numbers are used again.</param>
public sealed record ProcessIdentity(string Host, string Machine, int Id, long Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } =
        new(Environment.MachineName, ThisMachine(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether the process has certainly ended; false for one of another machine.</summary>
    public bool HasEnded => Machine == Current.Machine && StartOf(Id) != Start;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"process {Id} on {Host}");

    /// <summary>A container has processes of its own, so the name of the machine is not enough.</summary>
    static string ThisMachine() =>
        OperatingSystem.IsLinux()
            ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {File.ResolveLinkTarget("/proc/self/ns/pid", false)?.Name}"
            : Environment.MachineName;

    /// <summary>Null if there is no such process.</summary>
    static long? StartOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(id);
                return new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
            }
            // proc(5): the name, in parentheses, may contain blanks; the state follows it, and the start is the field 22.
            var fields = File.ReadAllText($"/proc/{id}/stat");
            var rest = fields[(fields.LastIndexOf(')') + 2)..].Split(' ');
            return rest[0] is "Z" or "X" ? null : long.Parse(rest[19], CultureInfo.InvariantCulture);
        }
        catch (Exception ended) when (ended is IOException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
