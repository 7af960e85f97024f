using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>An exported network, ready to score. It has the size of its images and, if it is a classifier, its labels.</summary>
sealed class ModelFile : IDisposable
{
    readonly OnnxBatchTransformer _scorer;
    readonly PixelEncoding _encoding;

    ModelFile(OnnxBatchTransformer scorer, ImageShape shape, PixelEncoding? encoding)
    {
        _scorer = scorer;
        _encoding = encoding ?? PixelEncoding.Of(scorer.Metadata);
        Shape = shape;
    }

    public string Path => _scorer.ModelFile;

    public IReadOnlyList<string> Labels => _scorer.Labels;

    /// <summary>The outputs of the file.</summary>
    public IReadOnlyList<string> OutputNames => _scorer.OutputNames;

    /// <summary>The size of its images; all zero if it was opened for rows of numbers.</summary>
    public ImageShape Shape { get; }

    /// <summary>Opens an ONNX file, or the one of a run folder, whose scores have labels.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="fileOrRun">The ONNX file, or the folder of a run.</param>
    /// <param name="batchSize">Rows per run; null lets a warm-up choose.</param>
    /// <param name="isTrusted">Whether the model runs in this process, whoever exported it.</param>
    /// <param name="cancellation">Ends scoring, also in the middle of a batch.</param>
    /// <param name="imageSize">Height and width for a model that takes any size; null for the size of its training.</param>
    /// <param name="pixels">The pixels that the model takes; null for what it states.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or not an image classifier with labels.</exception>
    /// <exception cref="UsageException">The size is not the model's, or the model takes any size and none is given.</exception>
    public static ModelFile Open(
        MLContext ml,
        string fileOrRun,
        int? batchSize,
        bool isTrusted,
        CancellationToken cancellation,
        ImageSize? imageSize = null,
        PixelEncoding? pixels = null
    )
    {
        var options = new OnnxBatchEstimator.Options { BatchSize = batchSize, Cancellation = cancellation };
        var model = OpenUnlabelled(ml, fileOrRun, options, isTrusted, imageSize, pixels);
        if (model.Labels.Count > 0)
            return model;

        model.Dispose();
        throw new InvalidDataException(
            $"{model.Path} carries no labels. Export a trained network with 'noisynn export', which puts them into the file."
        );
    }

    /// <summary>Opens an ONNX file, or the one of a run folder, for its embedding. It need not be a classifier.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or takes no images.</exception>
    public static ModelFile OpenEncoder(
        MLContext ml,
        string fileOrRun,
        bool isTrusted,
        PixelEncoding? pixels,
        CancellationToken cancellation
    ) => OpenUnlabelled(ml, fileOrRun, new() { BatchSize = 64, Cancellation = cancellation }, isTrusted, imageSize: null, pixels);

    /// <inheritdoc cref="Open(MLContext, string, int?, bool, CancellationToken, ImageSize?, PixelEncoding?)"/>
    /// <summary>Opens an ONNX file, or the one of a run folder, that takes images. It need not be a classifier.</summary>
    public static ModelFile OpenUnlabelled(
        MLContext ml,
        string fileOrRun,
        OnnxBatchEstimator.Options options,
        bool isTrusted,
        ImageSize? imageSize,
        PixelEncoding? pixels
    )
    {
        (options.RawPixels, options.PixelEncoding) = (true, pixels);
        options.ModelFile = PathOf(fileOrRun);
        options.Isolation = ExportedModels.IsolationOf(options.ModelFile, isTrusted);
        var estimator = ml.Scoring.OnnxBatch(options);
        var shape = ShapeOf(estimator, options.ModelFile, imageSize);
        return new ModelFile(estimator.Fit(new ImageFileView([], new ImageDecoder(shape, new ImageLimits()))), shape, pixels);
    }

    /// <summary>Opens an ONNX file, or the one of a run folder, for rows of numbers in a column <c>Features</c>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">The rows do not fit the model's input.</exception>
    public static ModelFile OpenForRows(MLContext ml, string fileOrRun, OnnxBatchEstimator.Options options, bool isTrusted, IDataView rows)
    {
        (options.ModelFile, options.InputColumnName) = (PathOf(fileOrRun), "Features");
        options.Isolation = ExportedModels.IsolationOf(options.ModelFile, isTrusted);
        return new ModelFile(ml.Scoring.OnnxBatch(options).Fit(rows), default, PixelEncoding.Raw);
    }

    static ImageShape ShapeOf(OnnxBatchEstimator model, string path, ImageSize? given)
    {
        if (model.ImageInput is not { } image)
            throw new InvalidDataException(
                $"{path} does not take images: its input is neither [N, 1 or 3, height, width] nor [N, height, width, 1 or 3]. "
                    + "Use --input FILE to score vectors."
            );
        if (image is { Height: > 0 and var rows, Width: > 0 and var columns })
            return given is null || given == new ImageSize(rows, columns)
                ? new(image.Channels, rows, columns)
                : throw new UsageException(
                    $"{path} takes only images of {rows} x {columns} pixels, and images are resized to that; leave out --image-size."
                );
        var size =
            given
            ?? ImageSize.OfTraining(model.Metadata)
            ?? throw new UsageException(
                $"{path} takes images of any size and does not record the size of its "
                    + "training; set the size to resize to with --image-size HEIGHTxWIDTH."
            );
        return new(image.Channels, size.Height, size.Width);
    }

    /// <summary>The ONNX file, or the one of a run folder; with several seeds or folds, that of the first.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string PathOf(string fileOrRun)
    {
        var path = Directory.Exists(fileOrRun) ? System.IO.Path.Combine(Trial.FolderOfOne(fileOrRun), "model.onnx") : fileOrRun;
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                Directory.Exists(fileOrRun)
                    ? $"{fileOrRun} holds no model.onnx. Give a finished run, or export one with 'noisynn export'."
                    : $"there is no file {path}. Give an ONNX file or the folder of a run.",
                path
            );
    }

    /// <summary>The model's output that is scored.</summary>
    public string OutputName => _scorer.OutputName;

    /// <summary>The batches that are run.</summary>
    public OnnxBatchSetting Setting => _scorer.Setting;

    /// <summary>Whether the model runs in a process of its own.</summary>
    public bool IsIsolated => _scorer.IsIsolated;

    /// <summary>What the user must know about the model's rows, as a line; null if there is nothing.</summary>
    public string? Warning => _scorer.RowFinding is { } finding ? $"{Path}: {finding}" : null;

    /// <summary>The shape of one row of the model's input: planar for floats, interleaved for bytes.</summary>
    public IReadOnlyList<int> InputShape =>
        IsInterleaved ? [Shape.Height, Shape.Width, Shape.Channels] : [Shape.Channels, Shape.Height, Shape.Width];

    bool IsInterleaved => ImageInput.Of(_scorer.InputDimensions, _scorer.TakesBytes) is { Layout: PixelLayout.Interleaved };

    /// <summary>Raw planar pixels as the model takes them.</summary>
    public float[] AsInput(float[] planar)
    {
        var values = new float[planar.Length];
        _encoding.Encode(planar, values, Shape.Channels, IsInterleaved);
        return values;
    }

    /// <summary>Chooses the batches now, for rows of this kind.</summary>
    public void WarmUp(DataViewSchema schema) => _scorer.WarmUp(schema);

    /// <exception cref="InvalidDataException">The data have a class that the model does not know.</exception>
    public void RequireClasses(DataSource source)
    {
        if (source.Data.Labels.Except(Labels).FirstOrDefault() is { } stranger)
            throw new InvalidDataException(
                $"{source.Data.Name} has the class '{stranger}', which the model does not know; it knows {string.Join(", ", Labels)}."
            );
    }

    /// <summary>Adds the columns <c>Score</c> and <c>PredictedLabel</c>.</summary>
    public IDataView Score(IDataView images) => _scorer.Transform(images);

    public void Dispose() => _scorer.Dispose();
}
