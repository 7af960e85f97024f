using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Evaluation.Explanation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Pictures;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Measuring;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Trains the vanilla and the noisy classifier in the same budget, judges them with noise off, shows what noise at inference does to a
/// class-sorted test, and ships the last one as ONNX.
/// </summary>
sealed class ClassifierComparison(RunInputs inputs, ClassifierConfiguration configuration)
{
    /// <summary>The training without any noise.</summary>
    public const string Vanilla = "vanilla";

    /// <summary>The training with the experiment's noise.</summary>
    public const string Noisy = "noisy";

    /// <summary>The names of all trainings that there may be, the one that is shipped first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Noisy, Vanilla];

    readonly Experiment _experiment = inputs.Experiment;

    public Findings Run(CancellationToken cancellation)
    {
        var training = new NetworkTraining(inputs, configuration);
        var pipelines = new List<TrainedPipeline>();
        string[] runs = [.. Runs(_experiment)];
        inputs.Observer.Planned(runs);
        try
        {
            foreach (var run in runs)
                pipelines.Add(Train(training, run, cancellation));
            return Judge(pipelines, cancellation);
        }
        finally
        {
            foreach (var pipeline in pipelines)
                (pipeline.Model as IDisposable)?.Dispose();
        }
    }

    /// <summary>The trainings of an experiment, in their order.</summary>
    public static IEnumerable<string> Runs(Experiment experiment)
    {
        if (experiment.Evaluation.Baseline || !experiment.HasNoise)
            yield return Vanilla;
        if (experiment.HasNoise)
            yield return Noisy;
    }

    string NoiseOf(string run) => run == Noisy ? NoiseWords.Describe(_experiment) : NoiseWords.DescribeBaseline(_experiment);

    TrainedPipeline Train(NetworkTraining training, string run, CancellationToken cancellation)
    {
        inputs.Observer.Note($"training {run}: {NoiseOf(run)}");
        var pipeline = training.Run(run, withNoise: run == Noisy, cancellation);
        inputs.Observer.Note(
            FormattableString.Invariant(
                $"  {run}: validation {pipeline.Training.ValidationAccuracy:0.0000} (epoch {pipeline.Training.BestEpoch}), test {pipeline.TestAccuracy:0.0000} with noise off"
            )
        );
        if (pipeline.TestAccuracyWithNoise is { } accuracy)
            inputs.Observer.Note(FormattableString.Invariant($"  {run}: test {accuracy:0.0000} with its linear noise on"));
        if (pipeline.TargetAccuracy is { } target)
            inputs.Observer.Note(FormattableString.Invariant($"  {run}: test {target:0.0000} on the target"));
        if (pipeline.PlaceInformation is { } bits)
            inputs.Observer.Note(
                FormattableString.Invariant($"  {run}: its last block tells {bits:0.00} bits about the place of the nuisance")
            );
        return pipeline;
    }

    Findings Judge(List<TrainedPipeline> pipelines, CancellationToken cancellation)
    {
        IReadOnlyList<LeakFinding> leaks = [];
        var subject = pipelines[0];
        if (_experiment.NoiseAtInference is { } section)
        {
            // The published recipe attaches the noise to a network that was trained without it; noise that stays on after training, to the
            // one that had it.
            subject = _experiment.Evaluation.Leak is null ? pipelines[^1] : pipelines[0];
            inputs.Observer.Note($"judging {subject.Run} with {NoiseWords.Describe(section.Noise)} at inference alone");
            leaks = new LeakDemonstration(_experiment.Evaluation, _experiment.Seed, inputs.Observer).Run(
                subject,
                inputs.Test,
                section,
                cancellation
            );
        }

        inputs.Observer.Note($"exporting {pipelines[^1].Run} to {inputs.Folder.ModelPath} and scoring the test rows with it");
        var onnx = new OnnxDelivery(inputs).Run(pipelines[^1]);
        ExportedModels.Add(inputs.Folder.ModelPath);
        return new Findings(
            [.. pipelines.Select(Summarize)],
            [.. pipelines.Select(pipeline => TrainingCurve.Of(pipeline.Run, pipeline.Training))]
        )
        {
            Leaks = leaks,
            LeakSubject = subject.Run,
            BatchInvariance = pipelines.Max(pipeline => pipeline.Invariance.LargestChange),
            Onnx = onnx,
            Difference = Compare(pipelines),
            Measured = [.. pipelines.Select(pipeline => MeasuredTraining.Of(pipeline.Run, pipeline.Training)).OfType<MeasuredTraining>()],
            Pictures = Picture(pipelines[^1], cancellation),
        };
    }

    /// <summary>Null unless there are two networks, and each looks at one row at a time.</summary>
    static PairedSummary? Compare(List<TrainedPipeline> pipelines)
    {
        if (pipelines is not [{ Invariance.Passed: true } first, { Invariance.Passed: true } second])
            return null;
        var (gained, lost) = (0, 0);
        for (var row = 0; row < first.Judged.Count; row++)
        {
            gained += second.Judged.IsCorrect(row) && !first.Judged.IsCorrect(row) ? 1 : 0;
            lost += first.Judged.IsCorrect(row) && !second.Judged.IsCorrect(row) ? 1 : 0;
        }
        var interval = Interval.OfPairedShares(gained, lost, first.Judged.Count);
        return new PairedSummary(
            $"{second.Run} minus {first.Run}",
            (gained - lost) / (double)first.Judged.Count,
            interval.Low,
            interval.High,
            gained,
            lost
        );
    }

    RunPictures Picture(TrainedPipeline pipeline, CancellationToken cancellation)
    {
        inputs.Observer.Note($"covering parts of test images, to see where the {pipeline.Run} network looks");
        var shape = new ImageShape(inputs.Data.Channels, inputs.Data.Height, inputs.Data.Width);
        var samples = new SampleImages(inputs.Test, inputs.Data.Labels, shape);
        var occlusions = OcclusionMaps.Of(
            new NetworkClassifier(pipeline.Network, pipeline.Trained.Device),
            shape,
            MeanImage.Of(inputs.Test),
            samples.Values,
            cancellation
        );
        return new RunPictures(shape, samples.Shown())
        {
            Network = pipeline.Run,
            Features =
                pipeline.Run == Noisy && _experiment.Noise.Latent is { } latent
                    ? FeatureSpace.Of(pipeline.Network, pipeline.Trained.Device, latent.Placement, inputs.Test, _experiment.Seed)
                    : null,
            Noises = NoisePictures.Of(samples, ColumnNoise.Each(inputs.ML, _experiment)),
            Information = InformationMapping.Map(pipeline.Run, pipeline.Network, pipeline.Trained.Device, pipeline.Training, samples),
            Occlusions = occlusions.Maps,
            OcclusionCells = occlusions.CellCount,
            Answers = AnswerMapping.Map(pipeline.Network, pipeline.Trained.Device, shape, samples.Values),
            Confusion = new ConfusionMatrix(pipeline.Judged).Counts,
            Errors = ErrorPictures.Of(pipeline.Judged, inputs.Data.Test),
            Settings = File.ReadAllText(inputs.Folder.ExperimentPath),
        };
    }

    RunSummary Summarize(TrainedPipeline pipeline)
    {
        var classification = Classification.Of(pipeline.Judged, pipeline.Chosen);
        var training = pipeline.Training;
        return new RunSummary(
            pipeline.Run,
            NoiseOf(pipeline.Run),
            training.ValidationAccuracy,
            pipeline.TestAccuracy,
            classification.Accuracy.Low,
            classification.Accuracy.High,
            training.Epochs.Count,
            training.BestEpoch,
            training.Seconds,
            training.ImagesPerSecond,
            pipeline.Network.ParameterCount,
            pipeline.Invariance.Passed
        )
        {
            Pretrained = training.Pretrained?.Coverage,
            TestAccuracyWithNoise = pipeline.TestAccuracyWithNoise,
            TargetAccuracy = pipeline.TargetAccuracy,
            PlaceInformation = pipeline.PlaceInformation,
            Classification = classification,
            ExchangeShare = training.ExchangeShare,
            LinearProducts = training.LinearProduct?.ToString().ToLowerInvariant(),
        };
    }
}
