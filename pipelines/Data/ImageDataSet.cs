using Microsoft.ML;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Labelled images of one size in three disjoint splits, as ML.NET views with the columns <c>Pixels</c> (Vector&lt;Single, C, H, W&gt;,
/// planar, 0 to 255), <c>Label</c> (text) and <c>Id</c> (text). The row id of a row is its index in its source.
/// </summary>
public sealed class ImageDataSet
{
    readonly ImageSplit _train,
        _validation,
        _test;
    readonly Lazy<PixelStatistics> _statistics;

    internal ImageDataSet(
        string name,
        string sha256,
        IReadOnlyList<string> labels,
        ImageSplit train,
        ImageSplit validation,
        ImageSplit test
    )
    {
        (Name, Sha256, Labels, _train, _validation, _test) = (name, sha256, labels, train, validation, test);
        (Channels, Height, Width) = train.Table.Shape;
        (Train, Validation, Test) = (View(train), View(validation), View(test));
        (TrainCount, ValidationCount, TestCount) = (train.Rows.Length, validation.Rows.Length, test.Rows.Length);
        _statistics = new Lazy<PixelStatistics>(() => PixelStatistics.Of(_train));

        ImageDataView View(ImageSplit split) => new(split.Table, split.Rows, labels);
    }

    /// <summary>The data set's name.</summary>
    public string Name { get; }

    /// <summary>Class names, in the order of the class indexes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Channels of an image: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>The rows to train on.</summary>
    public IDataView Train { get; }

    /// <summary>The rows to choose models on.</summary>
    public IDataView Validation { get; }

    /// <summary>The rows that judge, once.</summary>
    public IDataView Test { get; }

    /// <summary>Rows of <see cref="Train"/>.</summary>
    public long TrainCount { get; }

    /// <summary>Rows of <see cref="Validation"/>.</summary>
    public long ValidationCount { get; }

    /// <summary>Rows of <see cref="Test"/>.</summary>
    public long TestCount { get; }

    /// <summary>The rows of each class in each split, in the order of <see cref="Labels"/>.</summary>
    internal IReadOnlyList<(int Train, int Validation, int Test)> CountClasses()
    {
        var (train, validation, test) = (
            _train.CountClasses(Labels.Count),
            _validation.CountClasses(Labels.Count),
            _test.CountClasses(Labels.Count)
        );
        return [.. Labels.Select((_, label) => (train[label], validation[label], test[label]))];
    }

    /// <summary>The fingerprint of the whole data set, before splits and limits: SHA-256 over its files' hashes and names.</summary>
    public string Sha256 { get; }

    /// <summary>
    /// Whether the test rows were cut out of the data, so that another seed or share would have chosen others. Otherwise the data set comes
    /// with them.
    /// </summary>
    public bool IsTestCut { get; init; }

    /// <summary>Whether the validation rows were cut out of the training rows.</summary>
    public bool IsValidationCut { get; init; }

    /// <summary>The same rows without splits: all are test rows, for a model that was trained on other data.</summary>
    /// <exception cref="InvalidOperationException">The data set comes with its splits.</exception>
    public ImageDataSet Undivided()
    {
        if (!IsTestCut)
            throw new InvalidOperationException($"{Name} comes with its own test rows; they are what judges.");
        // A validation split that came with the data may lie in another table.
        int[] rows = [.. _train.Rows, .. IsValidationCut ? _validation.Rows : [], .. _test.Rows];
        Array.Sort(rows);
        return new ImageDataSet(Name, Sha256, Labels, _train with { Rows = [] }, _validation with { Rows = [] }, _test with { Rows = rows })
        {
            SkippedCount = SkippedCount,
            Warnings = Warnings,
        };
    }

    /// <summary>The same rows, but a share of the training rows has random classes.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="seed">Decides rows and classes.</param>
    internal ImageDataSet WithRandomLabels(double share, int seed) =>
        With(
            _train with
            {
                Table = new RandomLabels(_train.Table, _train.Rows, share, Labels.Count, seed),
            },
            _validation,
            _test,
            FormattableString.Invariant(
                $"{100 * share:0.##} % of the training rows have random classes (data.randomLabels); validation and test rows keep theirs"
            )
        );

    /// <summary>The same rows with a nuisance on every image, in all splits.</summary>
    /// <param name="nuisance">The nuisance. It takes pixels from training images alone.</param>
    /// <param name="seed">Decides the places.</param>
    /// <exception cref="ArgumentException">The nuisance does not fit the images.</exception>
    internal ImageDataSet WithNuisance(NuisanceDefinition nuisance, int seed)
    {
        nuisance.ShapeOf(_train.Table.Shape);
        var others = nuisance.TakesOtherImages ? NuisanceTable.Pool(_train, (uint)seed) : [];
        return With(
            Nuisance(_train, 0),
            Nuisance(_validation, ReferenceEquals(_validation.Table, _train.Table) ? 0u : 1),
            Nuisance(_test, ReferenceEquals(_test.Table, _train.Table) ? 0u : 2),
            $"Every image has {nuisance.Name} at a random place (data.{nuisance.Name})."
        );

        // Rows of different tables may have the same numbers.
        ImageSplit Nuisance(ImageSplit split, uint number) =>
            split with
            {
                Table = new NuisanceTable(split.Table, nuisance, others, (uint)seed | (ulong)number << 32),
            };
    }

    /// <summary>The place of the nuisance in each test row, by its index in <see cref="NuisancePlace.Names"/>; null without a
    /// nuisance.</summary>
    internal IReadOnlyList<int>? TestPlaces => _test.Table is NuisanceTable table ? [.. _test.Rows.Select(table.PlaceOf)] : null;

    /// <summary>The same rows in another size.</summary>
    internal ImageDataSet Resized(int height, int width)
    {
        return (Height, Width) == (height, width)
            ? this
            : With(Resize(_train), Resize(_validation), Resize(_test), $"The images were resized from {Height} x {Width} pixels.");

        ImageSplit Resize(ImageSplit split) => split with { Table = new ResizedTable(split.Table, height, width) };
    }

    ImageDataSet With(ImageSplit train, ImageSplit validation, ImageSplit test, string warning) =>
        new(Name, Sha256, Labels, train, validation, test)
        {
            IsTestCut = IsTestCut,
            IsValidationCut = IsValidationCut,
            SkippedCount = SkippedCount,
            Warnings = [.. Warnings, warning],
        };

    /// <summary>Files that could not be read and were left out on request.</summary>
    public int SkippedCount { get; init; }

    /// <summary>What a user should know about the data, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Mean of the training pixels for each channel, in 0..1 units; computed in one pass when first asked for.</summary>
    public IReadOnlyList<double> Mean => _statistics.Value.Mean;

    /// <summary>Standard deviation of the training pixels for each channel, in 0..1 units.</summary>
    public IReadOnlyList<double> StandardDeviation => _statistics.Value.StandardDeviation;
}

/// <summary>Some rows of an image source.</summary>
readonly record struct ImageSplit(ImageTable Table, int[] Rows)
{
    public int[] CountClasses(int classCount)
    {
        var counts = new int[classCount];
        foreach (var row in Rows)
            counts[Table.ClassOf(row)]++;
        return counts;
    }

    public ImageSplit Limit(int? limit, int seed, string purpose) =>
        limit < Rows.Length ? this with { Rows = StratifiedSampling.Choose(Rows, Table.ClassOf, limit.Value, seed, purpose) } : this;
}
