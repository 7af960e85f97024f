using System.Globalization;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>The processes of models that a process has started, as Linux lists them.</summary>
static class ModelProcesses
{
    /// <summary>The numbers of the children that live, or have ended and were not waited for.</summary>
    public static IReadOnlyList<int> Of(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => char.IsAsciiDigit(name![0]))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(id => ParentOf(id) == parent),
        ];

    /// <summary>Those of this process.</summary>
    public static IReadOnlyList<int> OfThisProcess => Of(Environment.ProcessId);

    /// <summary>Waits until a process is no more.</summary>
    public static bool HasEndedWithin(int id, TimeSpan time)
    {
        var end = DateTime.UtcNow + time;
        while (StateOf(id) is not (null or 'Z'))
        {
            if (DateTime.UtcNow > end)
                return false;
            Thread.Sleep(20);
        }
        return true;
    }

    static int? ParentOf(int id) => Fields(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    static char? StateOf(int id) => Fields(id)?[0][0];

    /// <summary>State, parent and so on: what stands behind the name, which may hold blanks.</summary>
    static string[]? Fields(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
