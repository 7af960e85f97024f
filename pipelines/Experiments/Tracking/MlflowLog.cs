using System.Threading.Channels;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Tracking;

/// <summary>
/// Logs a run to an MLflow server while it trains: settings as parameters, the figures of each epoch as metrics, data and artifacts as tags.
/// Another thread talks to the server. A server that fails is told once, and the run goes on without it.
/// </summary>
public sealed class MlflowLog : IRunObserver, IDisposable
{
    // Older servers take no longer values.
    const int LongestValue = 500;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    readonly IRunObserver _display;
    readonly MlflowServer _server;
    readonly CancellationToken _cancellation;
    readonly CancellationTokenSource _stop = new();
    readonly Channel<Func<MlflowClient, string, Task>> _calls = Channel.CreateUnbounded<Func<MlflowClient, string, Task>>(
        new() { SingleReader = true }
    );
    readonly Task _worker;
    volatile string? _failure;
    bool _isTold,
        _isComplete;

    /// <summary>Begins to log a run.</summary>
    /// <param name="server">The server.</param>
    /// <param name="file">What is declared for the run.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="display">Hears of the progress, too.</param>
    /// <param name="cancellation">Cancelled when the user stops the run.</param>
    public MlflowLog(MlflowServer server, ExperimentFile file, RunFolder folder, IRunObserver display, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(folder);
        (_server, _display, _cancellation) = (server, display, cancellation);
        var start = DateTimeOffset.UtcNow;
        // The run's own cancellation must still reach the server, as the status KILLED.
        _worker = Task.Run(() => Work(Path.GetFileName(folder.Path), file.Experiment.Name, start, folder.Path), CancellationToken.None);
        var settings = RunSettings.Of(file.Effective);
        Send((client, run) => client.Log(run, parameters: settings.Select(setting => new MlflowEntry(setting.Key, Cut(setting.Value)))));
    }

    /// <inheritdoc/>
    public void Note(string line)
    {
        TellFailure();
        _display.Note(line);
    }

    /// <inheritdoc/>
    public void Planned(IReadOnlyList<string> trainings) => _display.Planned(trainings);

    /// <inheritdoc/>
    public void Training(string run, TrainingMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        TellFailure();
        _display.Training(run, metrics);
        if (!metrics.EpochCompleted)
            return;
        MlflowMetric[] figures = [.. Figures(run, metrics, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())];
        Send((client, id) => client.Log(id, figures));
    }

    /// <summary>Logs the figures of a run that is complete, and the names of the files in its folder.</summary>
    public void Complete(Summary summary, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(folder);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        MlflowMetric[] figures =
        [
            .. summary
                .Results.Where(result => double.IsFinite(result.Mean))
                .Select(result => new MlflowMetric(
                    $"{result.Name}/test{(result.Unit is null ? "_accuracy" : "_bound")}",
                    result.Mean,
                    now,
                    0
                )),
        ];
        MlflowEntry[] tags =
        [
            new("noisynn.data", Cut(summary.Dataset.Name)),
            new("noisynn.data.sha256", summary.Dataset.Sha256),
            new("noisynn.command", Cut(summary.Command)),
            new("noisynn.artifacts", Cut(string.Join(", ", Artifacts(folder.Path)))),
        ];
        Send((client, id) => client.Log(id, figures, tags: tags));
        _isComplete = true;
    }

    /// <summary>Ends the run there. The server gets a few seconds for what is still to be sent.</summary>
    public void Dispose()
    {
        var status =
            _isComplete ? "FINISHED"
            : _cancellation.IsCancellationRequested ? "KILLED"
            : "FAILED";
        Send((client, run) => client.EndRun(run, status, DateTimeOffset.UtcNow));
        _calls.Writer.Complete();
        if (!_worker.Wait(s_patience))
        {
            _stop.Cancel();
            _failure ??= "it is too slow";
        }
        TellFailure();
        _stop.Dispose();
    }

    void Send(Func<MlflowClient, string, Task> call)
    {
        if (_failure is null)
            _calls.Writer.TryWrite(call);
    }

    async Task Work(string name, string experiment, DateTimeOffset start, string folder)
    {
        try
        {
            using var client = new MlflowClient(_server, _stop.Token);
            var run = await client.CreateRun(
                await client.RequireExperiment(_server.Experiment),
                name,
                start,
                [new("mlflow.source.name", "noisynn"), new("noisynn.experiment", experiment), new("noisynn.folder", Cut(folder))]
            );
            await foreach (var call in _calls.Reader.ReadAllAsync(_stop.Token))
                await call(client, run);
        }
        catch (OperationCanceledException)
        {
            _failure ??= "it is too slow";
        }
        catch (Exception refused)
        {
            // Of whatever kind: it is told, and a training of hours is worth more than its log.
            _failure = OneLine.Of(refused);
        }
    }

    /// <summary>On the thread that works, as the display is told of all else.</summary>
    void TellFailure()
    {
        if (_isTold || _failure is not { } failure)
            return;
        _isTold = true;
        _display.Note(
            $"note: the MLflow server {_server.Address} has not logged all of this run: {failure.TrimEnd('.')}. The run goes on."
        );
    }

    static IEnumerable<MlflowMetric> Figures(string run, TrainingMetrics metrics, long time)
    {
        (string Name, double? Value)[] figures =
        [
            ("loss", metrics.Loss),
            ("validation_loss", metrics.ValidationLoss),
            ("validation_accuracy", metrics.ValidationAccuracy),
            ("learning_rate", metrics.LearningRate),
            ("images_per_second", metrics.ImagesPerSecond),
        ];
        return from figure in figures
            where figure.Value is { } value && double.IsFinite(value)
            select new MlflowMetric($"{run}/{figure.Name}", figure.Value!.Value, time, metrics.Epoch);
    }

    static IEnumerable<string> Artifacts(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => name != RunLock.FileName)
            .Order(StringComparer.Ordinal);

    static string Cut(string value) => value.Length <= LongestValue ? value : value[..(LongestValue - 1)] + "…";
}
