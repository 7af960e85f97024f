namespace NoisyNN.Samples.Serve;

/// <summary>Answers POST /score: body to images, images to pixels, pixels to predictions, within limits on memory and time.</summary>
sealed class Scoring(ModelSlot slot, MicroBatches batches, ServerOptions options) : IDisposable
{
    const int ChunkLength = 64 << 10;

    // Bodies that arrive, or wait to be decoded.
    readonly ByteBudget _memory = new(Math.Max(4 * options.LongestBody, 256 << 20));

    // A decoded image takes up to four bytes a pixel: no more at a time than can be worked on.
    readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);

    /// <exception cref="RefusedException">The request is refused.</exception>
    public async Task<Answer> AnswerAsync(HttpRequest request)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        time.CancelAfter(options.Timeout);
        var isComplete = false;
        var taken = 0L;
        try
        {
            using var body = new MemoryStream();
            await ReadAsync(request, body, count => taken += count, time.Token);
            isComplete = true;
            var images = await PostedImages.ReadAsync(
                new ArraySegment<byte>(body.GetBuffer(), 0, (int)body.Length),
                request.ContentType,
                options.Limits.FileLength
            );
            return await ScoreAsync(images, time.Token);
        }
        catch (OperationCanceledException exception) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            var limit = $"within {options.Timeout.TotalSeconds} seconds (--timeout)";
            throw isComplete
                ? new RefusedException(StatusCodes.Status504GatewayTimeout, $"The images were not scored {limit}.", exception)
                : new RefusedException(StatusCodes.Status408RequestTimeout, $"The request did not arrive {limit}.", exception);
        }
        finally
        {
            _memory.Return(taken);
        }
    }

    public void Dispose() => _decoding.Dispose();

    async Task ReadAsync(HttpRequest request, MemoryStream body, Action<int> take, CancellationToken cancellation)
    {
        if (request.ContentLength > options.LongestBody)
            throw PostedImages.TooLong(options.Limits.FileLength);
        var chunk = new byte[ChunkLength];
        try
        {
            while (await request.Body.ReadAsync(chunk, cancellation) is > 0 and var count)
            {
                if (!_memory.TryTake(count))
                    throw new RefusedException(
                        StatusCodes.Status503ServiceUnavailable,
                        "Too many bytes are arriving at a time. Try again later."
                    );
                take(count);
                body.Write(chunk, 0, count);
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw PostedImages.TooLong(options.Limits.FileLength);
        }
    }

    async Task<Answer> ScoreAsync(IReadOnlyList<PostedImage> images, CancellationToken cancellation)
    {
        var model = slot.Rent();
        try
        {
            // All are decoded before the first is scored: one that is refused refuses the request.
            var pixels = new List<byte[]>(images.Count);
            foreach (var image in images)
                pixels.Add(await DecodeAsync(model, image, cancellation));
            var scores = await Task.WhenAll(pixels.Select(one => batches.ScoreAsync(model, one, cancellation)));
            return new(model.Identity, [.. images.Zip(scores, model.PredictionOf)]);
        }
        finally
        {
            model.Return();
        }
    }

    async Task<byte[]> DecodeAsync(ServedModel model, PostedImage image, CancellationToken cancellation)
    {
        await _decoding.WaitAsync(cancellation);
        try
        {
            return model.Decode(image);
        }
        finally
        {
            _decoding.Release();
        }
    }
}
