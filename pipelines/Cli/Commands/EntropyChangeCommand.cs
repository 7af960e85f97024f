using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>entropy-change</c>: the change of a task's entropy by a noise, in closed form.</summary>
sealed class EntropyChangeCommand : Command
{
    readonly Terminal _terminal;
    readonly EntropyChangeOptions _options = new();
    readonly VectorRows _vectors = new();

    public EntropyChangeCommand(Terminal terminal)
        : base(
            "entropy-change",
            """
            Prints in closed form how much a noise changes the entropy of a task, in nats. The table has two figures: by the formula of the
            NoisyNN paper (arXiv 2309.10625), and by a consistent one, which counts the noise in all terms. The paper calls a noise with a
            figure above 0 positive. A consistent figure below 0 means that the noise takes information about the labels away. Without
            --data, --input or --covariance, the figures describe the noise alone. Parameters of the noise have the units of the rows:
            pixel values of 0 to 255, or those of --input.

            Example:  noisynn entropy-change --noise circular-shift --strength 0.3 --size 16
                      noisynn entropy-change --noise gaussian:standardDeviation=25 --data fashion-mnist
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        _vectors.AddTo(this);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var settings = _options.Read(parsed, _vectors);
        if (settings.OwnWeights is { } weights)
        {
            OptimalityRefutation.Print(_terminal, settings.Size!.Value, weights, settings.IsJson);
            return 0;
        }

        var report = Report(parsed, settings, settings.Noise!);
        if (settings.IsJson)
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return 0;
    }

    EntropyChangeReport Report(ParseResult parsed, EntropyChangeSettings settings, NoiseDefinition noise)
    {
        if (settings.Covariance is { } file)
        {
            var covariance = CovarianceFile.Read(file, settings.LabelSize, _vectors.TableOf(parsed, file), _terminal.Note);
            return EntropyChangeReport.Of(noise, noise.EntropyChange(covariance));
        }
        if (!settings.IsOfFile && settings.Images is null)
            return EntropyChangeReport.Of(noise, OfNoise(noise, settings.Size));

        var ml = new MLContext(seed: 1);
        var (name, column, rows) = settings.IsOfFile ? Vectors(ml, parsed) : Images(ml, settings);
        var change = ml.Entropy.Change(noise, rows, column, "Label", settings.Shrinkage, settings.BatchSize);
        return EntropyChangeReport.Of(noise, change.Change) with
        {
            Data = name,
            Rows = change.Before.RowCount,
            Classes = change.Before.ClassCount,
            Shrinkage = change.Before.Shrinkage,
        };
    }

    (string Name, string Column, IDataView Rows) Vectors(MLContext ml, ParseResult parsed)
    {
        var (file, rows) = _vectors.Load(ml, parsed, _terminal);
        return (file, VectorRows.Column, rows);
    }

    (string Name, string Column, IDataView Rows) Images(MLContext ml, EntropyChangeSettings settings)
    {
        var images = TrainingImages.Load(ml, settings.Images!, settings.Limit, seed: 1, _terminal.Cancellation);
        return (images.Name, EncodedImages.Pixels, images.Train);
    }

    static NoiseEntropyChange OfNoise(NoiseDefinition noise, int? size) =>
        noise.EntropyChange(
            noise switch
            {
                { Axis: null } => size ?? 1,
                QualityMatrixNoise own => size ?? own.Size,
                _ => size ?? throw new UsageException($"{noise.Name} mixes k rows with one another; give --size, such as 16."),
            }
        );
}
