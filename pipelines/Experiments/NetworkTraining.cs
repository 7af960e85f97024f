using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Inference;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>A trained ML.NET pipeline, without any noise, and what it scores on the test rows.</summary>
/// <param name="Run">Its name in the run.</param>
/// <param name="Model">The pipeline as it scores.</param>
/// <param name="Trained">The network in it; its noise has been taken out.</param>
/// <param name="TestAccuracy">Correct over total on the test rows.</param>
/// <param name="Invariance">Whether a prediction depends on its row alone; if not, the accuracy is no property of the images.</param>
sealed record TrainedPipeline(string Run, ITransformer Model, NetworkTransformer Trained, double TestAccuracy, BatchInvariance Invariance)
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

        // What is judged and exported is the network without noise, whatever the experiment does to it at inference.
        trained.Network.SetLatentNoise(null);
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(data.Test));
        var rows = LabelledRows.Read(data.Test, trained.FeatureColumnName, "Label", trained.Labels);
        var invariance = Protocol.CheckInvariance(new NetworkClassifier(trained.Network, trained.Device), rows, new ProtocolOptions { CancellationToken = cancellation });
        return new TrainedPipeline(run, model, trained, metrics.MicroAccuracy, invariance);
    }

    EstimatorChain<ITransformer> Pipeline(NoisyViTTrainer.Options options, bool withNoise)
    {
        var pipeline = new EstimatorChain<ITransformer>().Append<ITransformer>(LabelKeys.Map(ml, data.Labels));
        if (withNoise)
            for (var step = 0; step < experiment.Pipeline.Count; step++)
                // A step of training alone: the chain leaves it out when it scores, so that noise of any scope is off there.
                pipeline = pipeline.Append<ITransformer>(ColumnNoise.Create(ml, experiment, step), TransformerScope.Training);
        return pipeline
            .Append<ITransformer>(ml.Vision.NoisyViT(options))
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
            AccumulationSteps = training.AccumulationSteps,
            LayerRateDecay = training.LayerRateDecay,
            MovingAverageDecay = training.MovingAverageDecay,
            BalanceClasses = training.BalanceClasses,
            ClassWeights = training.ClassWeights ?? [],
            Patience = training.Patience,
            LoadingThreadCount = training.LoadingThreads,
            ThreadCount = training.ThreadCount,
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
