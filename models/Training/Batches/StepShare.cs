namespace NoisyNN.Models.Training.Batches;

/// <summary>
/// The rows of a step that one of several processes (ranks) computes. A step is divided into parts, which a process computes one after
/// the other; each rank takes as many parts as a step accumulates batches, in the order of the rows. The parts do not depend on who
/// computes them: R ranks compute the same parts as one process with R times the accumulation and the batch divided by R.
/// </summary>
/// <param name="Rank">The number of this process, from 0.</param>
/// <param name="RankCount">The number of processes.</param>
/// <param name="BatchSize">Rows that all ranks together compute at once.</param>
/// <param name="AccumulationSteps">Batches in a step.</param>
readonly record struct StepShare(int Rank, int RankCount, int BatchSize, int AccumulationSteps)
{
    /// <summary>The share of this process by a trainer's options.</summary>
    public static StepShare Of(TrainingOptions options) =>
        new(options.ProcessGroup?.Rank ?? 0, options.Ranks, options.BatchSize, options.AccumulationSteps);

    /// <summary>The most rows of a part.</summary>
    public int PartSize => (BatchSize + RankCount - 1) / RankCount;

    /// <summary>The most rows of a step.</summary>
    public int StepSize => BatchSize * AccumulationSteps;

    /// <summary>The number of this process's first part among all parts of the step.</summary>
    public int FirstPart => Rank * AccumulationSteps;

    int OwnSize => PartSize * AccumulationSteps;

    /// <summary>Where its rows begin and how many there are: 0 in an epoch's last step, perhaps.</summary>
    /// <param name="stepRows">The rows of the step; the last one of an epoch may have fewer.</param>
    public (int Start, int Count) Of(int stepRows)
    {
        var start = Math.Min(stepRows, Rank * OwnSize);
        return (start, Math.Min(stepRows - start, OwnSize));
    }
}
