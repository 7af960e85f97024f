using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>A trained ML.NET pipeline and what it scores on the test rows with noise off.</summary>
sealed record TrainedPipeline(string Run, ITransformer Model, NetworkTransformer Trained, double TestAccuracy)
{
    public ImageClassifier Network => Trained.Network;

    public TrainingResult Training => Trained.Training;
}

/// <summary>
/// Trains one network of an experiment as an ML.NET pipeline: labels to keys, noise on the pixel column, the network, keys back to labels.
/// The vanilla and the noisy one differ in their noise and in nothing else.
/// </summary>
sealed class NetworkTraining(MLContext ml, Experiment experiment, NoisyViTConfiguration configuration, ImageDataSet data, IRunObserver observer)
{
    /// <summary>Fits the pipeline and evaluates it on the test rows.</summary>
    public TrainedPipeline Run(string run, bool withNoise, string workspace, bool resume, CancellationToken cancellation)
    {
        var options = Options(run, withNoise, workspace, resume, cancellation);
        var model = Pipeline(options, withNoise).Fit(data.Train);
        var trained = NetworkTransformer.FindIn(model);
        // What there is is kept, also of an interrupted training.
        if (trained.Training.BestEpoch > 0)
            NetworkFile.Write(Path.Combine(workspace, NetworkFile.FileName), (NoisyViT)trained.Network, trained.Labels);
        if (trained.Training.Interrupted)
            throw new OperationCanceledException(cancellation);

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(data.Test));
        return new TrainedPipeline(run, model, trained, metrics.MicroAccuracy);
    }

    EstimatorChain<ITransformer> Pipeline(NoisyViTTrainer.Options options, bool withNoise)
    {
        IEstimator<ITransformer> pipeline = LabelKeys.Map(ml, data.Labels);
        if (withNoise)
            foreach (var noise in experiment.Pipeline)
                pipeline = pipeline.Append(ml.Noise.Add("Pixels", noise.Noise, scope: noise.Scope, seed: experiment.Seed));
        return pipeline
            .Append(ml.Vision.NoisyViT(options))
            .Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    }

    NoisyViTTrainer.Options Options(string run, bool withNoise, string workspace, bool resume, CancellationToken cancellation)
    {
        var training = experiment.Training;
        return new NoisyViTTrainer.Options
        {
            Network = configuration,
            InputNoise = withNoise ? experiment.Noise.Input?.Noise : null,
            LatentNoise = withNoise ? experiment.Noise.Latent?.Placement : null,
            MaxEpoch = training.Epochs,
            BatchSize = training.BatchSize,
            LearningRate = training.LearningRate,
            WarmupEpochs = training.WarmupEpochs,
            WeightDecay = training.WeightDecay,
            LabelSmoothing = training.LabelSmoothing,
            ClipNorm = training.ClipNorm,
            ThreadCount = training.Threads > 0 ? training.Threads : Environment.ProcessorCount,
            Seed = experiment.Seed,
            ValidationSet = KeyedValidation(),
            WorkspacePath = workspace,
            Resume = resume,
            CheckpointEverySteps = training.CheckpointSteps,
            CancellationToken = cancellation,
            MetricsCallback = metrics => observer.Training(run, metrics),
        };
    }

    /// <summary>The trainer takes its validation rows as they reach it in the pipeline: with keys for labels, and without noise.</summary>
    IDataView KeyedValidation() => LabelKeys.Map(ml, data.Labels).Fit(data.Train).Transform(data.Validation);
}
