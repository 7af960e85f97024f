using Microsoft.ML;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Pipelines.Commands;

/// <summary>An exported image network, ready to score: the size of the images that it takes and, of a classifier, its labels.</summary>
sealed class ModelFile : IDisposable
{
    readonly OnnxBatchTransformer _scorer;

    ModelFile(OnnxBatchTransformer scorer, ImageShape shape)
    {
        _scorer = scorer;
        Shape = shape;
    }

    public string Path => _scorer.ModelFile;

    public IReadOnlyList<string> Labels => _scorer.Labels;

    public ImageShape Shape { get; }

    /// <summary>Opens an ONNX file, or the one of a run folder, whose scores have labels.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no image classifier with labels.</exception>
    public static ModelFile Open(MLContext ml, string fileOrRun, int? batchSize) => Open(ml, fileOrRun, new OnnxBatchEstimator.Options { BatchSize = batchSize });

    /// <inheritdoc cref="Open(MLContext, string, int?)"/>
    public static ModelFile Open(MLContext ml, string fileOrRun, OnnxBatchEstimator.Options options)
    {
        var model = OpenUnlabelled(ml, fileOrRun, options);
        if (model.Labels.Count > 0)
            return model;

        model.Dispose();
        throw new InvalidDataException($"{model.Path} carries no labels. Export a trained network with 'noisynn export', which puts them into the file.");
    }

    /// <summary>Opens an ONNX file, or the one of a run folder, that need not classify: what is asked for is its embedding.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or takes no images.</exception>
    public static ModelFile OpenEncoder(MLContext ml, string fileOrRun) => OpenUnlabelled(ml, fileOrRun, new() { BatchSize = 64 });

    static ModelFile OpenUnlabelled(MLContext ml, string fileOrRun, OnnxBatchEstimator.Options options)
    {
        options.ModelFile = PathOf(fileOrRun);
        var path = options.ModelFile;
        var estimator = ml.Scoring.OnnxBatch(options);
        if (estimator.InputDimensions is not [var channels, > 0 and var height, > 0 and var width] || channels is not (1 or 3))
            throw new InvalidDataException($"{path} does not take images of a fixed size: its input is not [N, 1 or 3, height, width].");

        var shape = new ImageShape(channels, height, width);
        return new ModelFile(estimator.Fit(new ImageFileView([], new ImageDecoder(shape, new ImageLimits()))), shape);
    }

    /// <summary>The ONNX file, or the one of a run folder; of several seeds, that of the first.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string PathOf(string fileOrRun)
    {
        var path = Directory.Exists(fileOrRun) ? System.IO.Path.Combine(Replicate.FolderOfOne(fileOrRun), "model.onnx") : fileOrRun;
        return File.Exists(path) ? path : throw new FileNotFoundException(Directory.Exists(fileOrRun)
            ? $"{fileOrRun} holds no model.onnx. Give a finished run, or export one with 'noisynn export'."
            : $"there is no file {path}. Give an ONNX file or the folder of a run.", path);
    }

    /// <summary>How batches are run.</summary>
    public OnnxBatchSetting Setting => _scorer.Setting;

    /// <summary>Adds the columns <c>Score</c> and <c>PredictedLabel</c>.</summary>
    public IDataView Score(IDataView images) => _scorer.Transform(images);

    public void Dispose() => _scorer.Dispose();
}
