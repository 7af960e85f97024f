using NoisyNN.Models.Training.Optimization;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>Sums over an epoch in progress.</summary>
sealed record EpochTotals(double Loss, long Correct, long Images, double TrainingSeconds, double WaitingSeconds)
{
    public static EpochTotals Zero { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Each layer's penalty, summed over rows.</summary>
    public PenaltySums Penalties { get; init; } = PenaltySums.None;

    public static EpochTotals operator +(EpochTotals left, EpochTotals right) =>
        new(
            left.Loss + right.Loss,
            left.Correct + right.Correct,
            left.Images + right.Images,
            left.TrainingSeconds + right.TrainingSeconds,
            left.WaitingSeconds + right.WaitingSeconds
        )
        {
            Penalties = left.Penalties.Add(right.Penalties),
        };

    public static EpochTotals operator -(EpochTotals left, EpochTotals right) =>
        new(
            left.Loss - right.Loss,
            left.Correct - right.Correct,
            left.Images - right.Images,
            left.TrainingSeconds - right.TrainingSeconds,
            left.WaitingSeconds - right.WaitingSeconds
        )
        {
            Penalties = left.Penalties.Subtract(right.Penalties),
        };
}
