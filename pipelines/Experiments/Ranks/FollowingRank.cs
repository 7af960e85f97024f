using Microsoft.ML;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Experiments.Ranks;

/// <summary>
/// The part of a process other than the first in a run: it takes part in the trainings, in their order. It judges, reports and writes
/// nothing.
/// </summary>
/// <param name="file">The experiment.</param>
/// <param name="group">All processes.</param>
sealed class FollowingRank(ExperimentFile file, ProcessGroup group)
{
    readonly Experiment _experiment = file.Experiment;
    readonly MLContext _ml = new(file.Experiment.Seed);

    /// <summary>Returns when all trainings are over.</summary>
    /// <exception cref="OperationCanceledException">A training was cancelled, on any rank.</exception>
    public void Run(CancellationToken cancellation)
    {
        var data = ImageData.Load(_ml, _experiment.Data, _experiment.Seed, cancellation);
        var configuration = NetworkSizes.Configure(file, data);
        if (configuration is InformationVaeConfiguration autoencoder)
            foreach (var posterior in AutoencoderComparison.Posteriors(_experiment, autoencoder))
                Train(data, autoencoder with { Posterior = posterior }, cancellation);
        else
            foreach (var run in ClassifierComparison.Runs(_experiment))
                Train(data, (ClassifierConfiguration)configuration, withNoise: run == ClassifierComparison.Noisy, cancellation);
    }

    void Train(ImageDataSet data, ClassifierConfiguration configuration, bool withNoise, CancellationToken cancellation)
    {
        var fitting = new NetworkFitting(_ml, _experiment, data, configuration);
        var options = fitting.Options(withNoise);
        RunInputs.Configure(options, _experiment, fitting.Validation(), group, cancellation);
        using var model = fitting.Fit(options, withNoise);
        ThrowIf(Models.Prediction.NetworkTransformer.FindIn(model).Training.Interrupted);
    }

    void Train(ImageDataSet data, InformationVaeConfiguration configuration, CancellationToken cancellation)
    {
        var options = new InformationVaeTrainer.Options { Network = configuration };
        RunInputs.Configure(options, _experiment, data.Validation, group, cancellation);
        using var model = _ml.Vision.InformationVae(options).Fit(data.Train);
        ThrowIf(model.Training.Interrupted);
    }

    static void ThrowIf(bool interrupted)
    {
        if (interrupted)
            throw new OperationCanceledException("The training was cancelled.");
    }
}
