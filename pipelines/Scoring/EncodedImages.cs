using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The labelled images of a command line, and the network that embeds them.</summary>
/// <param name="Source">A folder or a data set; null for the training rows of the run.</param>
/// <param name="Network">An ONNX file or the folder of a run; null for the pixels themselves.</param>
/// <param name="Output">The network's output that is the embedding; null for the input of the head of an exported network.</param>
/// <param name="Limit">The most training rows to read; null for all.</param>
/// <param name="Seed">The seed of the splits that the data lack; null for 1, or that of the run.</param>
/// <param name="IsTrusted">Whether the network runs in this process, whoever exported it.</param>
/// <param name="PixelEncoding">The pixels that the network takes; null for what it states.</param>
sealed record EncodedImageRequest(
    string? Source,
    string? Network,
    string? Output,
    int? Limit,
    int? Seed,
    bool IsTrusted,
    PixelEncoding? PixelEncoding = null
);

/// <summary>
/// Training rows of labelled images, never others, and the network that embeds them. They are rows of a run as its training split the data,
/// or rows of the source that is named.
/// </summary>
/// <param name="Name">The name of the data.</param>
/// <param name="Rows">Pixels and labels.</param>
/// <param name="Encoder">Appends the embedding; null if no network is named.</param>
sealed record EncodedImages(string Name, IDataView Rows, OnnxBatchTransformer? Encoder) : IDisposable
{
    public const string Pixels = "Pixels",
        Embedding = "Embedding";

    /// <exception cref="UsageException">The request names no rows, or a limit for those of a run.</exception>
    /// <exception cref="InvalidDataException">The images do not fit the network.</exception>
    /// <exception cref="ArgumentException">The network has no such output; the message names those that it has.</exception>
    public static EncodedImages Load(MLContext ml, EncodedImageRequest request, CancellationToken cancellation)
    {
        using var model = request.Network is { } file
            ? ModelFile.OpenEncoder(ml, file, request.IsTrusted, request.PixelEncoding, cancellation)
            : null;
        if (model is null)
        {
            var (name, rows) = Load(ml, request, shape: null, cancellation);
            return new(name, rows, Encoder: null);
        }
        var (data, pixels) = request.Source is null
            ? LoadRun(ml, request, model, cancellation)
            : Load(ml, request, model.Shape, cancellation);
        return new(data, pixels, Embed(ml, model, request).Fit(pixels));
    }

    /// <summary>What the user must know about the network's rows, as a line; null if there is nothing.</summary>
    public string? Warning => Encoder is { RowFinding: { } finding } ? $"{Encoder.ModelFile}: {finding}" : null;

    public void Dispose() => Encoder?.Dispose();

    static (string Name, IDataView Rows) LoadRun(MLContext ml, EncodedImageRequest request, ModelFile model, CancellationToken cancellation)
    {
        if (request.Limit is not null)
            throw new UsageException("--limit goes with --data; the training rows of a run are fixed.");
        var run = DataSource.Load(
            ml,
            new(request.Network!, Source: null, DataSource.Train, request.Seed, SkipUnreadable: false),
            model.Shape,
            cancellation
        );
        return (run.Data.Name, run.Rows);
    }

    static (string Name, IDataView Rows) Load(MLContext ml, EncodedImageRequest request, ImageShape? shape, CancellationToken cancellation)
    {
        if (request.Source is null)
            throw new UsageException("name rows: labelled images (--data), a run (--network), or a file of numbers (--input).");
        var images = TrainingImages.Load(ml, request.Source, request.Limit, request.Seed ?? 1, cancellation, shape);
        if (shape is { } wanted && new ImageShape(images.Channels, images.Height, images.Width) != wanted)
            throw new InvalidDataException(
                $"{images.Name} has images of {images.Channels} x {images.Height} x {images.Width}, the network takes "
                    + $"{wanted.Channels} x {wanted.Height} x {wanted.Width}."
            );
        return (images.Name, images.Train);
    }

    /// <summary>The input of the head of an exported network, unless another output is named.</summary>
    static OnnxBatchEstimator Embed(MLContext ml, ModelFile model, EncodedImageRequest request)
    {
        var features = NetworkArchitectures
            .All.Select(architecture => architecture.FeaturesOutput)
            .Where(name => name != TensorNames.Features);
        return ml.Scoring.OnnxBatch(
            new()
            {
                OutputColumnName = Embedding,
                InputColumnName = Pixels,
                ModelFile = model.Path,
                Output = request.Output ?? features.FirstOrDefault(model.OutputNames.Contains) ?? TensorNames.Features,
                Isolation = ExportedModels.IsolationOf(model.Path, request.IsTrusted),
                RawPixels = true,
                PixelEncoding = request.PixelEncoding,
            }
        );
    }
}
