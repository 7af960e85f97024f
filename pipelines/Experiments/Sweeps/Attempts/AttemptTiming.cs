namespace NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

/// <summary>How often a process says that it is alive, and when others take over.</summary>
/// <param name="Interval">Between two heartbeats.</param>
/// <param name="StaleAfter">Without a heartbeat for this time, a process of another machine counts as dead.</param>
public sealed record AttemptTiming(TimeSpan Interval, TimeSpan StaleAfter)
{
    /// <summary>A heartbeat every 15 seconds; after 2 minutes without one, another process takes over.</summary>
    public static AttemptTiming Default { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2));
}
