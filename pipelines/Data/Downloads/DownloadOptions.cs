namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>How patient a download is.</summary>
sealed record DownloadOptions
{
    /// <summary>How long a server may send nothing before the attempt counts as failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Failed attempts in a row that end the download of a file. An attempt that brings a mebibyte starts a new row.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The same while no server has answered: a machine without a network should learn that soon.</summary>
    public int AttemptsWithoutAnswer { get; init; } = 2;

    /// <summary>The wait before the second attempt; it doubles with every further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for with <c>Retry-After</c>.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the process looks whether another one is done with a file.</summary>
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
            // A share of the network without a drive letter, of which Windows tells no room.
            return long.MaxValue;
        }
    }
}
