using Microsoft.ML.Data;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Trains the autoencoder of an experiment and, as its baseline, the one with the Gaussian posterior, on the same rows in the same order.
/// Then it bounds the test rows.
/// </summary>
sealed class AutoencoderComparison(RunInputs inputs, InformationVaeConfiguration configuration)
{
    /// <summary>The names of all trainings that there may be.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<VaePosterior>().Select(NameOf)];

    /// <summary>The posterior that the other is compared with.</summary>
    const VaePosterior Baseline = VaePosterior.Gaussian;

    const int BatchSize = 200;

    readonly Experiment _experiment = inputs.Experiment;

    public Findings Run(CancellationToken cancellation)
    {
        VaePosterior[] posteriors = [.. Posteriors(_experiment, configuration)];
        inputs.Observer.Planned([.. posteriors.Select(NameOf)]);
        var trained = posteriors.Select(posterior => Train(posterior, cancellation)).ToList();
        return new Findings([.. trained.Select(pair => pair.Run)], [.. trained.Select(pair => pair.Curve)]);
    }

    /// <summary>The posteriors that an experiment trains, in their order.</summary>
    public static IEnumerable<VaePosterior> Posteriors(Experiment experiment, InformationVaeConfiguration configuration) =>
        (experiment.Evaluation.Baseline ? (VaePosterior[])[Baseline, configuration.Posterior] : [configuration.Posterior]).Distinct();

    static string NameOf(VaePosterior posterior) => RecordSchema.Word(posterior);

    (RunSummary Run, TrainingCurve Curve) Train(VaePosterior posterior, CancellationToken cancellation)
    {
        var run = NameOf(posterior);
        inputs.Observer.Note($"training {run}: {NoiseOf(posterior)}");
        using var model = inputs.ML.Vision.InformationVae(Options(posterior, cancellation)).Fit(inputs.Data.Train);
        var training = model.Training;
        if (training.BestEpoch > 0)
            NetworkFile.Write(
                Path.Combine(inputs.Folder.TrainingPath(run), NetworkFile.FileName),
                model.Network,
                model.Network.Configuration,
                labels: []
            );
        if (training.Interrupted)
            throw new OperationCanceledException(cancellation);

        var best = training.Epochs[training.BestEpoch - 1];
        var draws = _experiment.Evaluation.Draws!.Value;
        var bound = new BoundSummary(
            best.Bound!.Value,
            best.LogLikelihood!.Value,
            best.Divergence!.Value,
            best.ValidationBound,
            model.Transform(inputs.Test.ToDataView()).GetColumn<float>(model.BoundColumnName!).Average(nats => (double)nats),
            draws > 0 ? ImportanceBound(model, draws, cancellation) : null,
            draws
        );
        inputs.Observer.Note(FormattableString.Invariant($"  {run}: validation {bound.Validation:F2}, test {bound.Test:F2} nats"));
        return (
            new RunSummary(
                run,
                NoiseOf(posterior),
                ValidationAccuracy: null,
                TestAccuracy: null,
                TestAccuracyLow: null,
                TestAccuracyHigh: null,
                training.Epochs.Count,
                training.BestEpoch,
                training.Seconds,
                training.ImagesPerSecond,
                model.Network.ParameterCount
            )
            {
                Bound = bound,
                ExchangeShare = training.ExchangeShare,
            },
            TrainingCurve.Of(run, training)
        );
    }

    static string NoiseOf(VaePosterior posterior) =>
        posterior is VaePosterior.Gaussian
            ? "additive noise on the code, prior N(0, I)"
            : "multiplicative noise on the code, log-normal prior";

    InformationVaeTrainer.Options Options(VaePosterior posterior, CancellationToken cancellation)
    {
        var options = new InformationVaeTrainer.Options { Network = configuration with { Posterior = posterior } };
        inputs.Configure(options, NameOf(posterior), inputs.Data.Validation, cancellation);
        return options;
    }

    double ImportanceBound(InformationVaeTransformer model, int draws, CancellationToken cancellation)
    {
        using var gradients = no_grad();
        manual_seed(_experiment.Seed);
        var (rows, sizes) = (inputs.Test, model.Network.Configuration);
        var (values, sum) = (new float[Math.Min(BatchSize, rows.Count) * rows.RowLength], 0.0);
        for (var start = 0; start < rows.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, rows.Count - start);
            for (var row = 0; row < count; row++)
                rows.CopyTo(start + row, values.AsSpan(row * rows.RowLength));
            var pixels = tensor(values, device: model.Device).narrow(0, 0, (long)count * rows.RowLength).reshape(count, rows.RowLength);
            sum += model
                .Network.ImportanceWeightedBound(pixels, randn(draws, count, sizes.LatentDimension, device: model.Device))
                .sum()
                .item<float>();
        }
        return sum / rows.Count;
    }
}
