using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// Takes what has come in while the last batch was scored, as one batch: alone an image does not wait, under load batches fill by
/// themselves.
/// </summary>
sealed partial class MicroBatches(ILogger<MicroBatches> log) : BackgroundService
{
    /// <summary>The meter of what the library's own meter cannot know.</summary>
    public const string MeterName = "NoisyNN.Serve";

    const int MostImages = 1024;

    static readonly Meter s_meter = new(MeterName);

    static readonly Counter<long> s_images = s_meter.CreateCounter<long>("noisynn.serve.images", "{image}", "Images that were answered.");

    static readonly UpDownCounter<long> s_queue = s_meter.CreateUpDownCounter<long>(
        "noisynn.serve.queue",
        "{image}",
        "Images that wait for a batch."
    );

    readonly ByteBudget _memory = new(256 << 20);
    readonly Channel<WaitingImage> _waiting = Channel.CreateBounded<WaitingImage>(MostImages);

    /// <summary>Scores an image together with those of other requests.</summary>
    /// <exception cref="RefusedException">Too many images are waiting, or the model failed.</exception>
    public async Task<float[]> ScoreAsync(ServedModel model, byte[] pixels, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(!model.TryRent(), model);
        var image = new WaitingImage(model, pixels, cancellation);
        // A full queue means that more comes in than can be scored: better said at once than after the time limit.
        if (!_memory.TryTake(pixels.Length) || !TryAdd(image))
        {
            model.Return();
            throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "Too many images are waiting. Try again later.");
        }
        return await image.Scores.Task.WaitAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<WaitingImage>(ServedModel.LargestBatch);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            // A batch is of one model: at a change, the images of the old one come first.
            while (
                batch.Count < ServedModel.LargestBatch
                && _waiting.Reader.TryPeek(out var next)
                && (batch.Count == 0 || batch[0].Model == next.Model)
            )
            {
                _waiting.Reader.TryRead(out _);
                batch.Add(next);
            }
            s_queue.Add(-batch.Count);
            Score([.. batch.Where(image => !image.Cancellation.IsCancellationRequested)]);
            foreach (var image in batch)
            {
                _memory.Return(image.Pixels.Length);
                image.Model.Return();
            }
            batch.Clear();
        }
    }

    bool TryAdd(WaitingImage image)
    {
        // Counted first, so that the number of waiting images is never negative.
        s_queue.Add(1);
        if (_waiting.Writer.TryWrite(image))
            return true;
        s_queue.Add(-1);
        _memory.Return(image.Pixels.Length);
        return false;
    }

    void Score(WaitingImage[] batch)
    {
        if (batch.Length == 0)
            return;
        var model = batch[0].Model;
        try
        {
            var scores = model.Score([.. batch.Select(image => image.Pixels)]);
            model.Failure = null;
            s_images.Add(batch.Length);
            for (var index = 0; index < batch.Length; index++)
                batch[index].Scores.SetResult(scores[index]);
        }
        catch (Exception exception)
        {
            // Whoever waits for this batch is told, and the next batch gets its chance.
            model.Failure = exception.Message;
            LogFailure(batch.Length, model.Failure);
            foreach (var image in batch)
                image.Scores.TrySetException(
                    new RefusedException(StatusCodes.Status503ServiceUnavailable, $"The model failed: {model.Failure}", exception)
                );
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A batch of {Count} images failed. {Reason}")]
    partial void LogFailure(int count, string reason);

    sealed record WaitingImage(ServedModel Model, byte[] Pixels, CancellationToken Cancellation)
    {
        public TaskCompletionSource<float[]> Scores { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
