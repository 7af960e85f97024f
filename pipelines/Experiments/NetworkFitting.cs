using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Trainers;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Fits one network of an experiment as an ML.NET pipeline: labels to keys, noise on the pixel column, the network, keys back to labels.
/// </summary>
sealed class NetworkFitting(MLContext ml, Experiment experiment, ImageDataSet data, ClassifierConfiguration configuration)
{
    /// <summary>The options that the experiment decides; the recipe and what a run adds are still to come.</summary>
    public NetworkTrainer.Options Options(bool withNoise) =>
        new(configuration)
        {
            PretrainedPath = experiment.Network.Pretrained,
            InputNoise = withNoise ? experiment.Noise.Input?.Noise : null,
            LatentNoise = withNoise ? experiment.Noise.Latent?.Placement : null,
        };

    /// <summary>The trainer takes its validation rows as they reach it in the pipeline: with keys for labels, and without noise.</summary>
    public IDataView Validation() => LabelKeys.Map(ml, data.Labels).Fit(data.Train).Transform(data.Validation);

    /// <summary>Trains on the training rows.</summary>
    public TransformerChain<ITransformer> Fit(NetworkTrainer.Options options, bool withNoise)
    {
        var pipeline = new EstimatorChain<ITransformer>().Append<ITransformer>(LabelKeys.Map(ml, data.Labels));
        if (withNoise)
            for (var step = 0; step < experiment.Pipeline.Count; step++)
                // A step of training alone: the chain leaves it out when it scores, so that noise of any scope is off there.
                pipeline = pipeline.Append<ITransformer>(ColumnNoise.Create(ml, experiment, step), TransformerScope.Training);
        return pipeline
            .Append<ITransformer>(ml.Vision.Trainer(options))
            .Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data.Train);
    }
}
