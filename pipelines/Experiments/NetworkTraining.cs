using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Measuring;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>A trained ML.NET pipeline, without any noise, and what it scores on the test rows.</summary>
/// <param name="Run">Its name in the run.</param>
/// <param name="Model">The pipeline as it scores.</param>
/// <param name="Trained">The network in it; its noise has been taken out.</param>
/// <param name="Judged">What it says about the test rows, one at a time or in any batches.</param>
/// <param name="Chosen">What it says about the validation rows, which have chosen its epoch; null without any.</param>
/// <param name="Invariance">Whether a prediction depends on its row alone; if not, the accuracy is no property of the images.</param>
sealed record TrainedPipeline(
    string Run,
    ITransformer Model,
    NetworkTransformer Trained,
    Predictions Judged,
    Predictions? Chosen,
    BatchInvariance Invariance
)
{
    /// <summary>Correct over total on the test rows.</summary>
    public double TestAccuracy => (double)Judged.Correct / Judged.Count;

    /// <summary>The same with the noise of training on; null unless that is a linear map within each image.</summary>
    public double? TestAccuracyWithNoise { get; init; }

    /// <summary>Correct over total on the test rows of the target, after the declared adaptation; null without a target.</summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>What the last block tells about the place of the nuisance, in bits; null for data without one.</summary>
    public double? PlaceInformation { get; init; }

    public Classifier Network => Trained.Network;

    public TrainingResult Training => Trained.Training;
}

/// <summary>
/// Trains one network of an experiment and judges it. The vanilla and the noisy one differ in their noise and in nothing else.
/// </summary>
sealed class NetworkTraining(RunInputs inputs, ClassifierConfiguration configuration)
{
    readonly MLContext _ml = inputs.ML;
    readonly Experiment _experiment = inputs.Experiment;
    readonly ImageDataSet _data = inputs.Data;
    readonly NetworkFitting _fitting = new(inputs.ML, inputs.Experiment, inputs.Data, configuration);

    /// <summary>Fits the pipeline and evaluates it on the test rows.</summary>
    public TrainedPipeline Run(string run, bool withNoise, CancellationToken cancellation)
    {
        var workspace = inputs.Folder.TrainingPath(run);
        var model = _fitting.Fit(Options(run, withNoise, cancellation), withNoise);
        var trained = NetworkTransformer.FindIn(model);
        if (trained.Training.Pretrained is { } pretrained)
            inputs.Observer.Note($"  {run}: began with {pretrained.Coverage}");
        // What there is is kept, also of an interrupted training.
        if (trained.Training.BestEpoch > 0)
            NetworkFile.Write(
                Path.Combine(workspace, NetworkFile.FileName),
                trained.Network,
                trained.Network.Configuration,
                trained.Labels
            );
        if (trained.Training.Interrupted)
            throw new OperationCanceledException(cancellation);

        // What is judged and exported is the network without noise, whatever the experiment does to it at inference.
        trained.Network.SetLatentNoise(null);
        var judged = Predictions.Read(model.Transform(inputs.Test.ToDataView()), _data.Labels);
        var chosen = _data.ValidationCount == 0 ? null : Predictions.Read(model.Transform(_data.Validation), _data.Labels);
        var invariance = Protocol.CheckInvariance(
            new NetworkClassifier(trained.Network, trained.Device),
            inputs.Test,
            new ProtocolOptions { CancellationToken = cancellation }
        );
        return new TrainedPipeline(run, model, trained, judged, chosen, invariance)
        {
            TestAccuracyWithNoise = withNoise && _experiment.HasLinearNoiseWithinImages ? AccuracyWithNoise(model, trained) : null,
            TargetAccuracy = inputs.Target?.Accuracy(model, trained, _data.Labels),
            PlaceInformation = _data.TestPlaces is { } places
                ? NuisanceProbe.Measure(trained.Network, inputs.Test, places, _experiment.Seed, cancellation)
                : null,
        };
    }

    double AccuracyWithNoise(TransformerChain<ITransformer> model, NetworkTransformer trained)
    {
        if (_experiment.Noise.Latent is { Training: true } latent)
            trained.Network.SetLatentNoise(latent.Placement with { AtInference = true });
        torch.manual_seed(_experiment.Seed); // for noise beside the linear one that is drawn
        var rows = ColumnNoise.Add(_ml, _experiment, inputs.Test.ToDataView());
        var judged = Predictions.Read(model.Transform(rows), _data.Labels);
        trained.Network.SetLatentNoise(null);
        return (double)judged.Correct / judged.Count;
    }

    NetworkTrainer.Options Options(string run, bool withNoise, CancellationToken cancellation)
    {
        var options = _fitting.Options(withNoise);
        inputs.Configure(options, run, _fitting.Validation(), cancellation);
        if (inputs.Target is { Aligned: { } rows } target)
            (options.TargetSet, options.AlignmentWeight) = (rows, target.AlignmentWeight);
        if (_experiment.Measure is { } measure)
            options.MeasureLayers = MeasuredLayers(measure, cancellation).Measure;
        return options;
    }

    LayerEntropies MeasuredLayers(MeasureSection measure, CancellationToken cancellation)
    {
        using var validation = RowStore.Read(
            _data.Validation,
            new()
            {
                Role = "validation",
                LabelColumnName = "Label",
                Labels = _data.Labels,
                MemoryLimit = _experiment.Training.RowMemoryBytes ?? inputs.RowMemoryBytes ?? long.MaxValue,
                Folder = inputs.Folder.Path,
                CancellationToken = cancellation,
            }
        );
        return new(measure, validation, _data.Labels, _experiment.Training.MaxEpoch, _experiment.Seed);
    }
}
