using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>A trained ML.NET pipeline, without any noise, and what it scores on the test rows.</summary>
/// <param name="Run">Its name in the run.</param>
/// <param name="Model">The pipeline as it scores.</param>
/// <param name="Trained">The network in it; its noise has been taken out.</param>
/// <param name="TestAccuracy">Correct over total on the test rows.</param>
/// <param name="Invariance">Whether a prediction depends on its row alone; if not, the accuracy is no property of the images.</param>
sealed record TrainedPipeline(string Run, ITransformer Model, NetworkTransformer Trained, double TestAccuracy, BatchInvariance Invariance)
{
    public Classifier Network => Trained.Network;

    public TrainingResult Training => Trained.Training;
}

/// <summary>
/// Trains one network of an experiment as an ML.NET pipeline: labels to keys, noise on the pixel column, the network, keys back to labels.
/// The vanilla and the noisy one differ in their noise and in nothing else.
/// </summary>
sealed class NetworkTraining(
    MLContext ml,
    Experiment experiment,
    NetworkConfiguration configuration,
    ImageDataSet data,
    IRunObserver observer,
    long? rowMemoryBytes
)
{
    /// <summary>Fits the pipeline and evaluates it on the test rows.</summary>
    public TrainedPipeline Run(string run, bool withNoise, string workspace, bool resume, CancellationToken cancellation)
    {
        var options = Options(run, withNoise, workspace, resume, cancellation);
        var model = Pipeline(options, withNoise).Fit(data.Train);
        var trained = NetworkTransformer.FindIn(model);
        // What there is is kept, also of an interrupted training.
        if (trained.Training.BestEpoch > 0)
            NetworkFile.Write(Path.Combine(workspace, NetworkFile.FileName), trained.Network, trained.Labels);
        if (trained.Training.Interrupted)
            throw new OperationCanceledException(cancellation);

        // What is judged and exported is the network without noise, whatever the experiment does to it at inference.
        trained.Network.SetLatentNoise(null);
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(data.Test));
        var rows = LabelledRows.Read(data.Test, trained.FeatureColumnName, "Label", trained.Labels);
        var invariance = Protocol.CheckInvariance(
            new NetworkClassifier(trained.Network, trained.Device),
            rows,
            new ProtocolOptions { CancellationToken = cancellation }
        );
        return new TrainedPipeline(run, model, trained, metrics.MicroAccuracy, invariance);
    }

    EstimatorChain<ITransformer> Pipeline(NetworkTrainer.Options options, bool withNoise)
    {
        var pipeline = new EstimatorChain<ITransformer>().Append<ITransformer>(LabelKeys.Map(ml, data.Labels));
        if (withNoise)
            for (var step = 0; step < experiment.Pipeline.Count; step++)
                // A step of training alone: the chain leaves it out when it scores, so that noise of any scope is off there.
                pipeline = pipeline.Append<ITransformer>(ColumnNoise.Create(ml, experiment, step), TransformerScope.Training);
        return pipeline
            .Append<ITransformer>(ml.Vision.Trainer(options))
            .Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    }

    NetworkTrainer.Options Options(string run, bool withNoise, string workspace, bool resume, CancellationToken cancellation)
    {
        var options = new NetworkTrainer.Options(configuration);
        options.CopyFrom(experiment.Training);
        options.PretrainedPath = experiment.Network.Pretrained;
        options.InputNoise = withNoise ? experiment.Noise.Input?.Noise : null;
        options.LatentNoise = withNoise ? experiment.Noise.Latent?.Placement : null;
        options.RowMemoryBytes ??= rowMemoryBytes;
        options.Seed = experiment.Seed;
        options.ValidationSet = KeyedValidation();
        options.WorkspacePath = workspace;
        options.Resume = resume;
        options.CancellationToken = cancellation;
        options.MetricsCallback = metrics => observer.Training(run, metrics);
        return options;
    }

    /// <summary>The trainer takes its validation rows as they reach it in the pipeline: with keys for labels, and without noise.</summary>
    IDataView KeyedValidation() => LabelKeys.Map(ml, data.Labels).Fit(data.Train).Transform(data.Validation);
}
