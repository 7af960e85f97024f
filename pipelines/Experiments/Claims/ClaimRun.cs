using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>Runs the experiment of a claim, or continues its interrupted run.</summary>
/// <param name="claim">The claim.</param>
/// <param name="isQuick">Whether to run the quick form.</param>
/// <param name="runs">Receives the run.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on; null for the CPU.</param>
public sealed class ClaimRun(ClaimFile claim, bool isQuick, ClaimRuns runs, ISweepObserver observer, int? gpuDeviceId = null)
{
    /// <summary>Trains what is missing. <see cref="ClaimRuns.Find(ClaimFile, bool)"/> then has the verdict.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; complete trials and checkpoints are in the folder.</exception>
    /// <exception cref="InvalidOperationException">A trial failed.</exception>
    public void Run(CancellationToken cancellation)
    {
        var declared = claim.Experiment(isQuick);
        var parallelism = Parallelism.Of(
            SweepPlan.Of(declared.Experiment).Count,
            declared.Experiment.Training.ThreadCount,
            Environment.ProcessorCount,
            sharesDevice: gpuDeviceId is not null
        );
        var experiment = parallelism.Apply(declared);
        using var folder = RunFolder.Open(runs.FolderOf(claim, isQuick), experiment, runs.IsInterrupted(claim, isQuick));
        var command = $"./noisynn claims run {claim.Name}{(isQuick ? " --quick" : "")}";
        folder.ResumesByItself = true;
        new SweepRun(experiment, folder, command, parallelism.Processes, observer, gpuDeviceId).Run(cancellation);
    }
}
