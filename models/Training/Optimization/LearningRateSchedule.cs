namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// The learning rate as a pure function of the step: a straight rise over the warm-up, then half a cosine (Loshchilov and Hutter, arXiv
/// 1608.03983) down to a share of the base rate. A pure function resumes by itself, and differs in no version of TorchSharp, whose
/// schedulers do.
/// </summary>
/// <param name="BaseRate">The rate at the end of the warm-up.</param>
/// <param name="FinalRatio">The share of it that the cosine ends at.</param>
/// <param name="WarmupSteps">The steps of the rise; 0 for none.</param>
/// <param name="StepCount">All steps.</param>
public sealed record LearningRateSchedule(double BaseRate, double FinalRatio, long WarmupSteps, long StepCount)
{
    /// <summary>The rate of a step, counted from 0. The last warm-up step has the base rate, the last step of all the final one.</summary>
    public double At(long step)
    {
        if (step < WarmupSteps)
            return BaseRate * (step + 1) / WarmupSteps;
        var cosineSteps = Math.Max(1, StepCount - WarmupSteps);
        var progress = Math.Min(1.0, (double)(step + 1 - WarmupSteps) / cosineSteps);
        return BaseRate * (FinalRatio + (1 - FinalRatio) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }
}
