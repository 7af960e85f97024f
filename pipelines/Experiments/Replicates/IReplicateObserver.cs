namespace NoisyNN.Pipelines.Experiments.Replicates;

/// <summary>Follows a run of several replicates. Called from several threads.</summary>
public interface IReplicateObserver
{
    /// <summary>Something worth knowing about the run as a whole.</summary>
    void Note(string line);

    /// <summary>A replicate says something worth keeping.</summary>
    void Note(Replicate replicate, string line);

    /// <summary>How far a replicate is; it replaces what it said before, and null ends it.</summary>
    void Status(Replicate replicate, string? line);
}
