using System.Diagnostics;
using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Advising;

/// <summary>
/// Runs the short trainings: a narrow residual network on images, a small perceptron on other rows. The last epoch counts, so that no row
/// chooses an epoch.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="epochs">Epochs of a training.</param>
/// <param name="cancellation">Stops a training.</param>
sealed class NoiseTrainer(TrialRows rows, int epochs, CancellationToken cancellation)
{
    // Below it the residual network has nothing left to pool.
    const int LeastImageSize = 16;

    /// <summary>What is trained, in words.</summary>
    public string Network => Configuration is NoisyClassifierConfiguration ? "perceptron of 64 hidden units" : "ResNet-18 of width 16";

    ClassifierConfiguration Configuration { get; } =
        rows.Shape is [1 or 3, >= LeastImageSize and var height, var width] && height == width
            ? NoisyResNetConfiguration.Micro(height, rows.Shape[0], rows.Labels.Count)
            : new NoisyClassifierConfiguration
            {
                FeatureCount = rows.Shape.Aggregate(1, (product, size) => product * size),
                ClassCount = rows.Labels.Count,
                HiddenDimension = 64,
            };

    /// <summary>Trains and judges one network.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrialOutcome Run(Trial trial)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var ml = new MLContext(trial.Seed);
        // A linear map is the same at every step, so that the column can have it. Other noise is drawn anew by the trainer.
        var isLinear = trial.Noise?.Axis is not null;
        var training = isLinear ? WithNoise(ml, rows.Training, trial) : rows.Training.ToDataView();
        var options = new NetworkTrainer.Options(Configuration)
        {
            FeatureColumnName = rows.Column,
            Seed = trial.Seed,
            MaxEpoch = epochs,
            InputNoise = isLinear ? null : trial.Noise,
            CancellationToken = cancellation,
        };
        var keys = LabelKeys.Map(ml, rows.Labels).Fit(training);
        using var network = ml.Vision.Trainer(options).Fit(keys.Transform(training));
        cancellation.ThrowIfCancellationRequested();
        return new(
            Accuracy(rows.Choosing.ToDataView()),
            Accuracy(rows.Confirming.ToDataView()),
            isLinear ? Accuracy(WithNoise(ml, rows.Confirming, trial)) : null,
            clock.Elapsed.TotalSeconds
        );

        double Accuracy(IDataView view) => ml.MulticlassClassification.Evaluate(network.Transform(keys.Transform(view))).MicroAccuracy;
    }

    IDataView WithNoise(MLContext ml, RowStore store, Trial trial)
    {
        var view = store.ToDataView();
        return ml.Noise.Add(rows.Column, trial.Noise!, scope: NoiseScope.Always, seed: trial.Seed).Fit(view).Transform(view);
    }
}
