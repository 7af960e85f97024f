using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>entropy-change</c>: what does a noise do to the entropy of a task, in closed form?</summary>
static class EntropyChangeCommand
{
    public static Command Create(Terminal terminal)
    {
        var noise = new NoiseOptions();
        var size = new Option<int?>("--size")
        {
            Description = "k, how many rows, tokens, pixel rows or channels a linear transform mixes with one another.",
            HelpName = "K",
        };
        var data = CommonOptions.Data(
            "Labelled images, whose training rows give the covariance: a folder with one subfolder per class, or a name of data-manifests/."
        );
        var vectors = new VectorRows();
        var covariance = new Option<string?>("--covariance")
        {
            Description = "The joint covariance of a Gaussian signal and label, .npy or .csv; the signal's coordinates come first.",
            HelpName = "FILE",
        };
        var labelSize = new Option<int>("--label-size")
        {
            Description = "With --covariance: how many of its last coordinates are the label's.",
            HelpName = "M",
            DefaultValueFactory = _ => 1,
        };
        var limit = new Option<int?>("--limit") { Description = "With --data: read at most so many training rows.", HelpName = "N" };
        var shrinkage = new Option<double?>("--shrinkage")
        {
            Description = "With data: the share of the covariance that gives way to a multiple of the identity. Default: estimated.",
            HelpName = "SHARE",
        };
        var batchSize = new Option<int>("--batch-size")
        {
            Description = "With data: rows per batch for noise across the batch.",
            HelpName = "N",
            DefaultValueFactory = _ => 64,
        };
        var counterexample = new Option<bool>("--counterexample")
        {
            Description =
                "Show for k rows (--size) that no mixing is optimal: aI + (1-a)/k 11ᵀ changes the paper's entropy by more the smaller a is.",
        };
        var ownWeight = new Option<double[]>("--own-weight")
        {
            Description = "With --counterexample: a, between 0 and 1. May be repeated.",
            HelpName = "A",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "entropy-change",
            """
            Prints the change of a task's entropy by a noise in closed form, in the paper's bookkeeping and in the consistent one side by side, and says
            what the signs mean. From the noise alone, or for the pixels of labelled images, with a shrinkage estimate of their covariance.

            Example:  noisynn entropy-change --noise circular-shift --strength 0.3 --size 16
            """
        );
        noise.AddTo(command);
        vectors.AddTo(command);
        foreach (var option in (Option[])[size, covariance, labelSize, data, limit, shrinkage, batchSize, counterexample, ownWeight, json])
            command.Add(option);

        command.SetAction(parsed =>
        {
            var definition = noise.Read(parsed, MixAxis.SpatialRows);
            var (k, isOfFile, isOfImages) = (
                parsed.GetValue(size),
                vectors.AreNamed(parsed, parsed.GetValue(covariance)),
                parsed.GetValue(data) is not null
            );
            if (isOfFile && isOfImages)
                throw new UsageException("--data is about images, --input about a file of numbers; give one of them.");
            if (parsed.GetValue(counterexample))
            {
                if (definition is not null || isOfImages || isOfFile)
                    throw new UsageException("--counterexample has its own mixing; leave out --noise, --data and --input.");
                OptimalityRefutation.Print(
                    terminal,
                    k ?? throw new UsageException("--counterexample mixes k rows; give --size, such as 4."),
                    parsed.GetValue(ownWeight) ?? [],
                    parsed.GetValue(json)
                );
                return 0;
            }

            if (definition is null)
                throw new UsageException("name a noise with --noise, or show that none is optimal with --counterexample.");
            if (parsed.GetValue(covariance) is not null && (k is not null || isOfImages || isOfFile))
                throw new UsageException("--covariance says all about the data; leave out --size, --data and --input.");
            var report =
                parsed.GetValue(covariance) is { } matrix
                    ? EntropyChangeReport.Of(
                        definition,
                        definition.EntropyChange(
                            Covariance(matrix, parsed.GetValue(labelSize), vectors.TableOf(parsed, matrix), terminal.Note)
                        )
                    )
                : isOfImages || isOfFile ? OfData()
                : EntropyChangeReport.Of(definition, OfNoise(definition, k));
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, report);
            else
                report.Print(terminal);
            return 0;

            EntropyChangeReport OfData()
            {
                if (k is not null)
                    throw new UsageException(
                        "the data say how many rows are mixed; leave out --size (or give --batch-size for noise across the batch)."
                    );
                var ml = new MLContext(seed: 1);
                var (name, column, rows) = isOfFile ? Vectors() : Images();
                var change = ml.Entropy.Change(definition, rows, column, "Label", parsed.GetValue(shrinkage), parsed.GetValue(batchSize));
                return EntropyChangeReport.Of(definition, change.Change) with
                {
                    Data = name,
                    Rows = change.Before.RowCount,
                    Classes = change.Before.ClassCount,
                    Shrinkage = change.Before.Shrinkage,
                };

                (string, string, IDataView) Vectors()
                {
                    var (file, view) = vectors.Load(ml, parsed, terminal);
                    return (file, VectorRows.Column, view);
                }

                (string, string, IDataView) Images()
                {
                    var images = TrainingImages.Load(ml, parsed.GetValue(data)!, parsed.GetValue(limit), seed: 1, terminal.Cancellation);
                    return (images.Name, "Pixels", images.Train);
                }
            }
        });
        return command;
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

    static JointCovariance Covariance(string file, int labelSize, TableOptions table, Action<string> note)
    {
        var (rows, _) = VectorFile.Read(file, TableOptions.NoColumn, table: table, note: note);
        if (rows.RowCount != rows.Dimension || labelSize < 1 || labelSize >= rows.RowCount)
            throw new InvalidDataException(
                $"{file} is {rows.RowCount} by {rows.Dimension} with {labelSize} of the label; a joint covariance is square, with at least one coordinate of the signal and one of the label."
            );
        var joint = new double[rows.RowCount, rows.RowCount];
        for (var i = 0; i < rows.RowCount; i++)
        {
            for (var j = 0; j < rows.RowCount; j++)
                joint[i, j] = rows[i][j];
        }
        return JointCovariance.FromJoint(joint, rows.RowCount - labelSize);
    }
}
