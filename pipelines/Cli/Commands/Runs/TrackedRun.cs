using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Tracking;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary>A run that is logged to an MLflow server, too, if the environment names one.</summary>
static class TrackedRun
{
    public static Summary Run(
        ExperimentFile file,
        RunFolder folder,
        IRunObserver display,
        Func<IRunObserver, ExperimentRunner> runner,
        CancellationToken cancellation
    )
    {
        if (MlflowServer.Of(Environment.GetEnvironmentVariable, display.Note) is not { } server)
            return runner(display).Run(cancellation);
        using var log = new MlflowLog(server, file, folder, display, cancellation);
        var summary = runner(log).Run(cancellation);
        log.Complete(summary, folder);
        return summary;
    }
}
