namespace NoisyNN.Samples.Serve;

/// <summary>
/// Whether the server should get requests. It is not ready before it stops, and if the model failed last. Then it tries a black image,
/// because without requests nothing else would show that the model works again. A new model file that cannot be used is a warning alone:
/// the old model scores on, and taking all servers out of service would help nobody.
/// </summary>
sealed partial class Readiness(ModelSlot slot, MicroBatches batches, ServerOptions options, ILogger<Readiness> log)
    : IHostedLifecycleService
{
    volatile bool _isStopping;

    public async Task<Health> LookAsync(CancellationToken cancellation)
    {
        var model = slot.Rent();
        try
        {
            var reason = _isStopping ? "The server stops." : await FailureOfAsync(model, cancellation);
            var warning = slot.ReloadFailure is { } failure
                ? $"The new model file cannot be used, and the old model scores on. {failure}"
                : null;
            return new(reason is null ? "ok" : "not ready", reason, warning, model.Identity, model.Setting);
        }
        finally
        {
            model.Return();
        }
    }

    /// <summary>Not ready first: whoever distributes requests needs time to send them elsewhere. Then the server ends listening.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        LogStop();
        await Task.Delay(options.Drain, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task<string?> FailureOfAsync(ServedModel model, CancellationToken cancellation)
    {
        if (model.Failure is null)
            return null;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.Timeout);
        try
        {
            await batches.ScoreAsync(model, model.Blank, time.Token);
            return null;
        }
        catch (RefusedException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"The model did not score a black image within {options.Timeout.TotalSeconds} seconds.";
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Stopping: requests under way are answered")]
    partial void LogStop();
}
