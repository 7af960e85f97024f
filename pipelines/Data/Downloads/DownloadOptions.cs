namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>The timeouts and retries of a download.</summary>
sealed record DownloadOptions
{
    /// <summary>How long a server may send nothing before the attempt counts as failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Consecutive failed attempts that end the download of a file. An attempt that brings a mebibyte resets the count.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The same number while no server has answered, so that a machine without a network fails soon.</summary>
    public int AttemptsWithoutAnswer { get; init; } = 2;

    /// <summary>The wait before the second attempt. Each further wait is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for with <c>Retry-After</c>.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The interval at which the process checks whether another one has finished a file.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes that a user may still write to the disk of a folder.</summary>
    public Func<string, long> AvailableBytes { get; init; } = RoomOf;

    static long RoomOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            // Windows reports no free space for a network share without a drive letter.
            return long.MaxValue;
        }
    }
}
