using System.Globalization;

namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>Counts the threads of this process's user in all processes, as <c>ulimit -u</c> does. Linux only.</summary>
static class UserThreads
{
    const string User = "Uid:",
        Threads = "Threads:";

    /// <summary>The number of threads, in all processes that this process can see.</summary>
    public static long Count()
    {
        var own = Read("/proc/self/status").User;
        return Directory
            .EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(folder => Read($"{folder}/status"))
            .Where(process => process.User == own)
            .Sum(process => process.Threads);
    }

    static (string User, long Threads) Read(string status)
    {
        var (user, threads) = ("", 0L);
        try
        {
            foreach (var line in File.ReadLines(status))
                if (line.StartsWith(User, StringComparison.Ordinal))
                    user = line[User.Length..].Trim().Split('\t')[0];
                else if (line.StartsWith(Threads, StringComparison.Ordinal))
                    threads = long.Parse(line.AsSpan(Threads.Length), CultureInfo.InvariantCulture);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            // A process that has ended since the folder was listed has no threads.
        }
        return (user, threads);
    }
}
