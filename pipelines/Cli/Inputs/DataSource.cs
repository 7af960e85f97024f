using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>The labelled rows that a command line asks for.</summary>
/// <param name="Model">The ONNX file or the run folder that will score them.</param>
/// <param name="Source">A folder with one subfolder of images per class, or a data set of <c>data-manifests/</c>; null for the data of the
/// run.</param>
/// <param name="Split">Test, validation, train or all. Null for the test rows or, if these are unknown, all rows.</param>
/// <param name="Seed">The seed of the training, for a bare ONNX file; null if the user gives none.</param>
/// <param name="SkipUnreadable">Whether images that cannot be read are skipped.</param>
/// <param name="IsTrusted">Whether the model runs in this process, whoever exported it.</param>
/// <param name="Pixels">The pixels that the model takes; null for what it states.</param>
sealed record DataRequest(
    string Model,
    string? Source,
    string? Split,
    int? Seed,
    bool SkipUnreadable,
    bool IsTrusted = false,
    PixelEncoding? Pixels = null
);

/// <summary>Labelled rows to judge a model on.</summary>
sealed record DataSource(ImageDataSet Data, string Split, IDataView Rows, long Count)
{
    public const string Test = "test",
        Validation = "validation",
        Train = "train",
        All = "all";

    /// <summary>
    /// Loads the rows so that no training row is taken for a test row. The folder of a run records how its training split the data. A bare
    /// ONNX file does not. A folder of images without splits of its own is then split only by a seed that the user gives.
    /// </summary>
    /// <exception cref="UsageException">The command line asks for a split that is unknown, or contradicts itself.</exception>
    /// <exception cref="InvalidDataException">The images do not fit the model, or have changed since the training.</exception>
    public static DataSource Load(MLContext ml, DataRequest request, ImageShape shape, CancellationToken cancellation)
    {
        request = request with { Model = Trial.FolderOfOne(request.Model) };
        var experiment = ExperimentOf(request.Model);
        if (experiment is not null && request.Seed is not null)
            throw new UsageException($"{request.Model} records its seed ({experiment.Seed}); leave out --seed.");
        if (experiment is null && request.Source is null)
            throw new UsageException($"{request.Model} is not the folder of a run; say what to score with --data.");

        var section = Section(request, experiment, shape);
        var data = Load(section);
        RequireShape(data, shape);

        var isOfRun = experiment is not null && HashOfRun(request.Model) is var hash && (hash is null || hash == data.Sha256);
        if (!isOfRun && request.Source is not null && section.Folds is not null)
            data = Load(section with { Folds = null, JudgingFold = null }); // The folds are those of the run's own rows.
        if (data.IsTestCut && experiment is not null && request.Source is null && !isOfRun)
            throw new InvalidDataException(
                $"the images of {section.Directory ?? section.Manifest} have changed since the training of {request.Model}: "
                    + "rows that it was trained on may now be among the test rows. "
                    + "To score them as other data, name them with --data."
            );
        return Choose(data, request, isSplitKnown: isOfRun || request.Seed is not null);

        ImageDataSet Load(DataSection rows) =>
            ImageData.Load(ml, rows, experiment?.Seed ?? request.Seed ?? 1, cancellation, request.Source is null ? null : shape);
    }

    /// <summary>The declaration of a run, or of the first of its seeds or folds; null for anything but the folder of a run.</summary>
    public static Experiment? ExperimentOf(string model)
    {
        var declaration = Path.Combine(Trial.FolderOfOne(model), RunFolder.ExperimentFileName);
        return File.Exists(declaration) ? ExperimentFile.Load(declaration).Experiment : null;
    }

    /// <exception cref="InvalidDataException">The model takes images of another size.</exception>
    public static void RequireShape(ImageDataSet data, ImageShape shape)
    {
        if ((data.Channels, data.Height, data.Width) != (shape.Channels, shape.Height, shape.Width))
            throw new InvalidDataException(
                $"{data.Name} has images of {data.Channels} x {data.Height} x {data.Width}, the model takes {shape.Channels} x "
                    + $"{shape.Height} x {shape.Width}."
            );
    }

    static DataSection Section(DataRequest request, Experiment? experiment, ImageShape shape)
    {
        var section =
            request.Source is not { } source ? experiment!.Data
            : Directory.Exists(source) && !File.Exists(Path.Combine(source, DataManifest.FileName))
                ? Like(experiment?.Data, directory: source)
            : Like(experiment?.Data, manifest: source);
        if (!request.SkipUnreadable)
            return section;
        return section.Directory is not null
            ? section with
            {
                SkipUnreadable = true,
            }
            : throw new UsageException(
                $"--skip-unreadable is for folders of images. {section.Manifest} has a manifest, and every file of it must be intact."
            );

        // Data of the run keep its splits, but not its limits on rows.
        DataSection Like(DataSection? run, string? manifest = null, string? directory = null) =>
            (run ?? new DataSection()) with
            {
                Manifest = manifest,
                Directory = directory,
                Channels = shape.Channels,
                TrainLimit = null,
                ValidationLimit = null,
                TestLimit = null,
            };
    }

    static DataSource Choose(ImageDataSet data, DataRequest request, bool isSplitKnown)
    {
        var split = request.Split ?? (data.IsTestCut && !isSplitKnown ? All : Test);
        if (split == All && !data.IsTestCut)
            throw new UsageException($"{data.Name} comes with its own test rows; leave out --split all.");
        if (!isSplitKnown && (split == Test ? data.IsTestCut : split != All && (data.IsTestCut || data.IsValidationCut)))
            throw new UsageException(
                $"which rows of {data.Name} are its {split} rows depends on how the "
                    + "training split them. Give the folder of the run as MODEL, "
                    + $"or the training's seed with --seed{(data.IsTestCut ? ", or score all rows with --split all" : "")}."
            );

        var chosen = split == All ? data.Undivided() : data;
        var (rows, count) = split switch
        {
            Train => (chosen.Train, chosen.TrainCount),
            Validation => (chosen.Validation, chosen.ValidationCount),
            _ => (chosen.Test, chosen.TestCount),
        };
        return count > 0 ? new(chosen, split, rows, count) : throw new InvalidDataException($"{data.Name} has no {split} rows.");
    }

    /// <summary>The fingerprint of the data that a run was trained on; null if the run has no summary yet.</summary>
    static string? HashOfRun(string folder)
    {
        var summary = Path.Combine(folder, RunFolder.SummaryFileName);
        try
        {
            return File.Exists(summary) ? JsonNode.Parse(File.ReadAllText(summary))?["dataset"]?["sha256"]?.GetValue<string>() : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"{summary} is damaged: {damaged.Message}", damaged);
        }
    }
}
