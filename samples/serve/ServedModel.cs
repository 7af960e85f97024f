using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// An image classifier: images to pixels, and pixels to probabilities in batches, through ML.NET. Requests and waiting images are its
/// users. It is freed when the last of them has left, so that a request ends on the model that it began with.
/// </summary>
sealed class ServedModel
{
    public const int LargestBatch = 32;

    readonly MLContext _ml = new(seed: 1);
    readonly ModelCopy _copy;
    readonly ImageDecoder _decoder;
    readonly OnnxBatchTransformer _scorer;
    readonly SchemaDefinition _rows = SchemaDefinition.Create(typeof(Row));
    int _users = 1;
    volatile string? _failure;

    /// <summary>Opens a model and scores a black image with it.</summary>
    /// <param name="copy">The file, which belongs to the model from now on.</param>
    /// <param name="options">The limits on images, and where the model runs.</param>
    /// <exception cref="Exception">The model cannot be used; see <see cref="ModelSlot.IsUnusable"/>.</exception>
    public ServedModel(ModelCopy copy, ServerOptions options)
    {
        Identity = new(Path.GetFileName(copy.FilePath), copy.Hash);
        var estimator = _ml.Scoring.OnnxBatch(
            new()
            {
                ModelFile = copy.FilePath,
                BatchSize = LargestBatch,
                ParallelRuns = 1,
                // In the order of channels and the range that the model states.
                RawPixels = true,
                Isolation = options.IsTrusted ? null : new() { BatchTime = options.Timeout },
            }
        );
        var shape = ShapeOf(estimator);
        _decoder = new(shape, new ImageDecoderOptions { Limits = options.Limits });
        _rows[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, shape.Channels, shape.Height, shape.Width);
        _scorer = estimator.Fit(View([]));
        try
        {
            ThrowIfUnfit();
        }
        catch
        {
            _scorer.Dispose();
            throw;
        }
        // Last, because the caller deletes the copy of a model that cannot be used.
        _copy = copy;
    }

    public ModelIdentity Identity { get; }

    public string Setting => _scorer.Setting.ToString();

    /// <summary>What the last batch failed with; null if it did not.</summary>
    public string? Failure
    {
        get => _failure;
        // Users know the file, and not its copy.
        set => _failure = value?.Replace(_copy.FilePath, Identity.Name, StringComparison.Ordinal);
    }

    /// <summary>A black image.</summary>
    public byte[] Blank => new byte[_decoder.Shape.Length];

    /// <summary>Adds a user.</summary>
    /// <returns>False if the last user has left.</returns>
    public bool TryRent()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
        } while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
    }

    /// <summary>A user leaves. The last one frees the model and deletes its copy.</summary>
    public void Return()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _scorer.Dispose();
        _copy.Dispose();
    }

    /// <summary>Decodes an image.</summary>
    /// <exception cref="RefusedException">It cannot be used.</exception>
    public byte[] Decode(PostedImage image)
    {
        var pixels = new byte[_decoder.Shape.Length];
        if (_decoder.TryDecode(image.Content.Span, pixels, out _, out var refusal))
            return pixels;
        throw new RefusedException(
            refusal.Kind switch
            {
                ImageRefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
                ImageRefusalKind.WrongFormat => StatusCodes.Status415UnsupportedMediaType,
                ImageRefusalKind.Unsupported => StatusCodes.Status422UnprocessableEntity,
                _ => StatusCodes.Status400BadRequest,
            },
            $"{(image.Name is { } name ? $"The image '{name}'" : "This image")} cannot be used: {refusal.Reason}."
        );
    }

    /// <summary>The scores of images, one array for each.</summary>
    public float[][] Score(IReadOnlyList<byte[]> images) =>
        [.. _ml.Data.CreateEnumerable<Scored>(_scorer.Transform(View(images)), reuseRowObject: false).Select(row => row.Score)];

    public Prediction PredictionOf(PostedImage image, float[] scores)
    {
        var best = ScoreColumns.IndexOfLargest(scores);
        return new(
            image.Name,
            best < 0 ? null : _scorer.Labels[best],
            best < 0 ? null : scores[best],
            // JSON has no NaN.
            [.. scores.Zip(_scorer.Labels, (score, label) => new ClassProbability(label, float.IsFinite(score) ? score : null))]
        );
    }

    ImageShape ShapeOf(OnnxBatchEstimator model)
    {
        if (model.ImageInput is not { } image)
            throw new InvalidDataException(
                $"'{Identity.Name}' does not take images: its input is neither [N, 1 or 3, height, width] nor [N, height, width, 1 or 3]."
            );
        if (image is { Height: > 0 and var rows, Width: > 0 and var columns })
            return new(image.Channels, rows, columns);
        // A model of open size: the file may say which size it was trained on.
        if (model.Metadata.TryGetValue("noisy.resize", out var text))
            using (var size = JsonDocument.Parse(text))
                return new(image.Channels, size.RootElement[0].GetInt32(), size.RootElement[1].GetInt32());
        throw new InvalidDataException(
            $"'{Identity.Name}' takes images of any size and does not say which it was trained on. Export it with a fixed size."
        );
    }

    void ThrowIfUnfit()
    {
        if (_scorer.Labels.Count == 0)
            throw new InvalidDataException($"'{Identity.Name}' carries no labels. 'noisynn export' puts them into the file.");
        if (_scorer.MixesRows)
            throw new InvalidDataException(
                $"'{Identity.Name}' mixes the rows of a batch, so that an answer would depend on other clients' "
                    + $"images. {_scorer.RowFinding}"
            );
        var sum = Score([Blank])[0].Sum();
        if (!(Math.Abs(sum - 1) < 1e-3))
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"'{Identity.Name}' has the output '{_scorer.OutputName}', which has no probabilities: those of a black image have the sum {sum:g6}. Export the model with a softmax."
                )
            );
    }

    IDataView View(IReadOnlyList<byte[]> images) =>
        _ml.Data.LoadFromEnumerable(images.Select(pixels => new Row { Pixels = pixels }), _rows);

    sealed class Row
    {
        public byte[] Pixels { get; set; } = [];
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
