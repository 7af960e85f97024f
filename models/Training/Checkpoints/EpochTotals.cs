using NoisyNN.Models.Training.Optimization;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>Sums over an epoch in progress.</summary>
/// <param name="Loss">The loss of each row.</param>
/// <param name="Images">The rows.</param>
/// <param name="TrainingSeconds">Seconds in training steps.</param>
/// <param name="WaitingSeconds">Seconds in which the steps waited for their rows.</param>
sealed record EpochTotals(double Loss, long Images, double TrainingSeconds, double WaitingSeconds)
{
    public static EpochTotals Zero { get; } = new(0, 0, 0, 0);

    /// <summary>What the task counts beside the loss.</summary>
    public NamedSums Figures { get; init; } = NamedSums.None;

    public static EpochTotals operator +(EpochTotals left, EpochTotals right) =>
        new(
            left.Loss + right.Loss,
            left.Images + right.Images,
            left.TrainingSeconds + right.TrainingSeconds,
            left.WaitingSeconds + right.WaitingSeconds
        )
        {
            Figures = left.Figures.Add(right.Figures),
        };

    public static EpochTotals operator -(EpochTotals left, EpochTotals right) =>
        new(
            left.Loss - right.Loss,
            left.Images - right.Images,
            left.TrainingSeconds - right.TrainingSeconds,
            left.WaitingSeconds - right.WaitingSeconds
        )
        {
            Figures = left.Figures.Subtract(right.Figures),
        };
}
