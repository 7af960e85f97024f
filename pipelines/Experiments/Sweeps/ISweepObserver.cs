namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>Follows a run of several trials. Called from several threads.</summary>
public interface ISweepObserver
{
    /// <summary>Something worth knowing about the run as a whole.</summary>
    void Note(string line);

    /// <summary>A trial says something worth keeping.</summary>
    void Note(Trial trial, string line);

    /// <summary>How far a trial is; it replaces what it said before, and null ends it.</summary>
    void Status(Trial trial, string? line);

    /// <summary>A trial has ended.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="complete">How many trials of the run are complete, or were stopped early.</param>
    /// <param name="trials">How many trials the run has.</param>
    /// <param name="line">What it found, or why it failed.</param>
    void Ended(Trial trial, int complete, int trials, string line);
}
