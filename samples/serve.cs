#!/usr/bin/env dotnet
// Serves an image classifier: posted images (PNG, JPEG, WebP, BMP, GIF) are decoded as the command line decodes them, and scored in
// micro-batches. What is cut short, damaged or no image is answered by 400 with the reason, what is too large by 413.
//
//   dotnet run -c Release samples/serve.cs --model model.onnx --urls http://localhost:5000
//   curl --data-binary @photo.png http://localhost:5000/score
//
// The model runs in a process of its own, because a file can crash ONNX Runtime; --trusted true runs it in the server itself.
// GET /health says whether it scores, GET /metrics counts (Prometheus).
#:sdk Microsoft.NET.Sdk.Web
#:project ../transforms/NoisyNN.Transforms.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
#:property RootNamespace=NoisyNN.Samples

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Scoring;

const int largestImageBytes = 16 << 20;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = largestImageBytes);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Answers.Default));
using var classifier = new ImageClassifier(
    builder.Configuration["model"] ?? throw new ArgumentException("Name the ONNX file: --model FILE. 'noisynn export' writes one."),
    builder.Configuration.GetValue<bool>("trusted") ? null : new ModelIsolation()
);
var queue = new MicroBatches(classifier);
builder.Services.AddHostedService(_ => queue);

// A decoded image takes up to 100 MB: no more at a time than can be worked on.
using var decoding = new SemaphoreSlim(Environment.ProcessorCount);

var app = builder.Build();
app.MapPost(
    "/score",
    async (HttpRequest request, CancellationToken cancellation) =>
    {
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refuse(StatusCodes.Status413PayloadTooLarge, $"The file has more than {largestImageBytes} bytes.");
        }
        await decoding.WaitAsync(cancellation);
        byte[] pixels;
        ImageRefusal? refusal;
        try
        {
            classifier.Decode(body.GetBuffer().AsSpan(0, (int)body.Length), out pixels, out refusal);
        }
        finally
        {
            decoding.Release();
        }
        if (refusal is not null)
        {
            return Refuse(
                refusal.Kind == ImageRefusalKind.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
                $"This image cannot be used: {refusal.Reason}."
            );
        }
        // A full queue means that more comes in than can be scored: better said at once than after a time-out.
        return queue.TryAdd(pixels, out var prediction)
            ? Results.Ok(await prediction)
            : Refuse(StatusCodes.Status503ServiceUnavailable, "Too many images are waiting; try again later.");
    }
);
app.MapGet(
    "/health",
    () =>
        queue.Failure is { } failure
            ? Refuse(StatusCodes.Status503ServiceUnavailable, failure)
            : Results.Ok(new Health("ok", classifier.Setting))
);
app.MapGet("/metrics", () => Results.Text(queue.Metrics(), "text/plain; version=0.0.4"));
app.Run();

static IResult Refuse(int status, string reason) => Results.Json(new Problem(reason), statusCode: status);

/// <summary>Images to pixels, and pixels to predictions in batches, through ML.NET.</summary>
sealed class ImageClassifier : IDisposable
{
    readonly MLContext _ml = new(seed: 1);
    readonly ImageDecoder _decoder;
    readonly SchemaDefinition _definition = SchemaDefinition.Create(typeof(Row));
    readonly OnnxBatchTransformer _model;

    public ImageClassifier(string modelFile, ModelIsolation? isolation)
    {
        var scoring = _ml.Scoring.OnnxBatch(
            new()
            {
                ModelFile = modelFile,
                BatchSize = MicroBatches.MostImages,
                ParallelRuns = 1,
                Isolation = isolation,
            }
        );
        if (scoring.InputDimensions is not [var first, var second, var third])
            throw new ArgumentException($"'{modelFile}' takes no images.");
        // Floats are planar, and bytes interleaved.
        var (shape, layout) = scoring.TakesBytes
            ? (new ImageShape(third, first, second), PixelLayout.Interleaved)
            : (new ImageShape(first, second, third), PixelLayout.Planar);
        // An image may be large, but not so large that a few of them take all memory.
        _decoder = new(
            shape,
            new ImageDecoderOptions
            {
                Layout = layout,
                Limits = new() { FileLength = 16 << 20, PixelCount = 25_000_000 },
            }
        );
        _definition[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, first, second, third);
        _model = scoring.Fit(View([]));
        if (_model.Labels.Count == 0)
            throw new ArgumentException($"'{modelFile}' carries no labels.");
    }

    public string Setting => _model.Setting.ToString();

    /// <summary>Decodes an image, or says why not.</summary>
    public void Decode(ReadOnlySpan<byte> file, out byte[] pixels, out ImageRefusal? refusal)
    {
        pixels = new byte[_decoder.Shape.Length];
        _decoder.TryDecode(file, pixels, out _, out refusal);
    }

    public Prediction[] Score(IReadOnlyList<byte[]> images)
    {
        var labels = _model.Labels;
        return
        [
            .. _ml
                .Data.CreateEnumerable<Scored>(_model.Transform(View(images)), reuseRowObject: false)
                .Select(row =>
                {
                    var best = ScoreColumns.IndexOfLargest(row.Score);
                    return best < 0 ? new Prediction(null, null) : new Prediction(labels[best], row.Score[best]);
                }),
        ];
    }

    public void Dispose() => _model.Dispose();

    IDataView View(IReadOnlyList<byte[]> images) =>
        _ml.Data.LoadFromEnumerable(images.Select(pixels => new Row { Pixels = pixels }), _definition);

    sealed class Row
    {
        public byte[] Pixels { get; set; } = [];
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}

/// <summary>
/// Takes what has come in while the last batch was scored, as one batch: alone an image does not wait, under load batches fill by
/// themselves.
/// </summary>
sealed class MicroBatches(ImageClassifier classifier) : BackgroundService
{
    public const int MostImages = 32;
    const int MostWaiting = 1024;

    readonly Channel<(byte[] Pixels, TaskCompletionSource<Prediction> Prediction)> _waiting = Channel.CreateBounded<(
        byte[],
        TaskCompletionSource<Prediction>
    )>(MostWaiting);
    long _images,
        _batches,
        _refused,
        _failures,
        _microseconds;

    /// <summary>What the last batch failed with; null if it did not.</summary>
    public string? Failure { get; private set; }

    public bool TryAdd(byte[] pixels, out Task<Prediction> prediction)
    {
        var source = new TaskCompletionSource<Prediction>(TaskCreationOptions.RunContinuationsAsynchronously);
        prediction = source.Task;
        if (_waiting.Writer.TryWrite((pixels, source)))
            return true;
        Interlocked.Increment(ref _refused);
        return false;
    }

    public string Metrics() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # TYPE noisynn_images_total counter
            noisynn_images_total {Interlocked.Read(ref _images)}
            # TYPE noisynn_batches_total counter
            noisynn_batches_total {Interlocked.Read(ref _batches)}
            # TYPE noisynn_refused_total counter
            noisynn_refused_total {Interlocked.Read(ref _refused)}
            # TYPE noisynn_failures_total counter
            noisynn_failures_total {Interlocked.Read(ref _failures)}
            # TYPE noisynn_scoring_seconds_total counter
            noisynn_scoring_seconds_total {Interlocked.Read(ref _microseconds) / 1e6:0.######}

            """
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<(byte[] Pixels, TaskCompletionSource<Prediction> Prediction)>(MostImages);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostImages && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            Score(batch);
        }
    }

    void Score(List<(byte[] Pixels, TaskCompletionSource<Prediction> Prediction)> batch)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var predictions = classifier.Score([.. batch.Select(item => item.Pixels)]);
            for (var index = 0; index < batch.Count; index++)
                batch[index].Prediction.SetResult(predictions[index]);
            Failure = null;
        }
        catch (Exception exception)
        {
            // Whoever waits for this batch is told, and the next batch gets its chance.
            Failure = exception.Message;
            Interlocked.Increment(ref _failures);
            foreach (var (_, prediction) in batch)
                prediction.TrySetException(exception);
        }
        Interlocked.Add(ref _images, batch.Count);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _microseconds, (long)clock.Elapsed.TotalMicroseconds);
    }
}

sealed record Prediction(string? Label, float? Probability);

sealed record Health(string Status, string Setting);

sealed record Problem(string Error);

[JsonSerializable(typeof(Prediction)), JsonSerializable(typeof(Health)), JsonSerializable(typeof(Problem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class Answers : JsonSerializerContext;
