namespace NoisyNN.Samples.Serve;

/// <summary>
/// Looks at the model file once a second and has it reloaded when it has changed. It waits until the file has not changed for a second,
/// because somebody may still be writing it. Looking works where the system sends no events: on network drives and Kubernetes' volumes.
/// </summary>
sealed partial class ModelWatch(ModelSlot slot, ServerOptions options, ILogger<ModelWatch> log) : BackgroundService
{
    static readonly TimeSpan s_betweenLooks = TimeSpan.FromSeconds(1);

    ModelIdentity _logged = slot.Identity;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first look always reloads: the file may have changed since the server read it.
        (long Length, DateTime Time)? served = (-1, default);
        var last = Look();
        using var timer = new PeriodicTimer(s_betweenLooks);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = Look();
                if (now == last && now != served)
                {
                    served = now;
                    await ReloadAsync(stoppingToken);
                }
                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    async Task ReloadAsync(CancellationToken cancellation)
    {
        try
        {
            var model = await slot.ReloadAsync(cancellation);
            if (model != _logged)
                LogChange(model.Name, model.Sha256);
            _logged = model;
        }
        catch (Exception unusable) when (ModelSlot.IsUnusable(unusable))
        {
            LogRefusal(unusable.Message);
        }
    }

    /// <summary>Length and time of the file, behind its links.</summary>
    (long Length, DateTime Time)? Look()
    {
        try
        {
            var file = new FileInfo(options.ModelFile);
            file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file.Exists ? (file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Name} with SHA-256 {Hash} has taken over")]
    partial void LogChange(string name, string hash);

    [LoggerMessage(2, LogLevel.Warning, "The new model file cannot be used, and the old model scores on. {Reason}")]
    partial void LogRefusal(string reason);
}
