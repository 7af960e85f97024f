#!/usr/bin/env dotnet
// Serves an image classifier: posted images are scored in micro-batches by the pipeline that a batch job would use.
//
//   dotnet run -c Release samples/serve.cs --model model.onnx --urls http://localhost:5000
//   curl --data-binary @photo.png http://localhost:5000/score
//
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
using Microsoft.ML.Transforms.Image;
using NoisyNN;
using NoisyNN.Transforms.Scoring;

const int largestImageBytes = 16 << 20;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = largestImageBytes);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Answers.Default));
using var classifier = new ImageClassifier(builder.Configuration["model"]
    ?? throw new ArgumentException("Name the ONNX file: --model FILE. 'noisynn export' writes one."));
var queue = new MicroBatches(classifier);
builder.Services.AddHostedService(_ => queue);

var app = builder.Build();
app.MapPost("/score", async (HttpRequest request, CancellationToken cancellation) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, cancellation);
    body.Position = 0;
    MLImage image;
    try
    {
        image = MLImage.CreateFromStream(body);
    }
    catch (Exception exception) when (exception is ArgumentException or InvalidDataException or InvalidOperationException)
    {
        return Results.BadRequest(new Problem($"This is no PNG or JPEG image: {exception.Message}"));
    }
    using (image)
    {
        // A full queue means that more comes in than can be scored: better said at once than after a time-out.
        return queue.TryAdd(image, out var prediction)
            ? Results.Ok(await prediction)
            : Results.Json(new Problem("Too many images are waiting; try again later."), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
});
app.MapGet("/health", () => queue.Failure is { } failure
    ? Results.Json(new Problem(failure), statusCode: StatusCodes.Status503ServiceUnavailable)
    : Results.Ok(new Health("ok", classifier.Setting)));
app.MapGet("/metrics", () => Results.Text(queue.Metrics(), "text/plain; version=0.0.4"));
app.Run();

/// <summary>Images to predictions, through ML.NET: resized, then scored in batches.</summary>
sealed class ImageClassifier : IDisposable
{
    readonly MLContext _ml = new(seed: 1);
    readonly TransformerChain<OnnxBatchTransformer> _model;

    public ImageClassifier(string modelFile)
    {
        var scoring = _ml.Scoring.OnnxBatch(new() { ModelFile = modelFile, InputColumnName = "Resized", BatchSize = MicroBatches.MostImages, ParallelRuns = 1 });
        if (scoring.InputDimensions is not [var first, var second, var third])
            throw new ArgumentException($"'{modelFile}' takes no images.");
        var (height, width) = first is 1 or 3 or 4 ? (second, third) : (first, second);
        _model = _ml.Transforms.ResizeImages("Resized", width, height, nameof(Row.Image), ImageResizingEstimator.ResizingKind.Fill)
            .Append(scoring)
            .Fit(View([]));
        if (_model.LastTransformer.Labels.Count == 0)
            throw new ArgumentException($"'{modelFile}' carries no labels.");
    }

    public string Setting => _model.LastTransformer.Setting.ToString();

    public Prediction[] Score(IReadOnlyList<MLImage> images)
    {
        var labels = _model.LastTransformer.Labels;
        return
        [
            .. _ml.Data.CreateEnumerable<Scored>(_model.Transform(View(images)), reuseRowObject: false).Select(row =>
            {
                var best = ScoreColumns.IndexOfLargest(row.Score);
                return best < 0 ? new Prediction(null, null) : new Prediction(labels[best], row.Score[best]);
            }),
        ];
    }

    public void Dispose() => _model.Dispose();

    IDataView View(IReadOnlyList<MLImage> images) => _ml.Data.LoadFromEnumerable(images.Select(image => new Row { Image = image }));

    sealed class Row
    {
        // ML.NET's views of objects want a size of their images; ResizeImages takes each as it is.
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}

/// <summary>Takes what has come in while the last batch was scored, as one batch: alone an image does not wait, under load batches fill by themselves.</summary>
sealed class MicroBatches(ImageClassifier classifier) : BackgroundService
{
    public const int MostImages = 32;
    const int MostWaiting = 1024;

    readonly Channel<(MLImage Image, TaskCompletionSource<Prediction> Prediction)> _waiting =
        Channel.CreateBounded<(MLImage, TaskCompletionSource<Prediction>)>(MostWaiting);
    long _images, _batches, _refused, _failures, _microseconds;

    /// <summary>What the last batch failed with; null if it did not.</summary>
    public string? Failure { get; private set; }

    public bool TryAdd(MLImage image, out Task<Prediction> prediction)
    {
        var source = new TaskCompletionSource<Prediction>(TaskCreationOptions.RunContinuationsAsynchronously);
        prediction = source.Task;
        if (_waiting.Writer.TryWrite((image, source)))
            return true;
        Interlocked.Increment(ref _refused);
        return false;
    }

    public string Metrics() => string.Create(CultureInfo.InvariantCulture, $"""
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

        """);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<(MLImage Image, TaskCompletionSource<Prediction> Prediction)>(MostImages);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostImages && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            Score(batch);
        }
    }

    void Score(List<(MLImage Image, TaskCompletionSource<Prediction> Prediction)> batch)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var predictions = classifier.Score([.. batch.Select(item => item.Image)]);
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
