using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Models.Training.Loop;

/// <summary>
/// What every trainer takes before it fits, and gives back after: its turn, a workspace, threads, torch's generator, and the channel that
/// hears of it all.
/// </summary>
sealed class TrainingSession : IDisposable
{
    readonly TrainingOptions _options;
    readonly Stack<IDisposable> _taken = new();

    TrainingSession(MLContext context, TrainingOptions options, string trainer)
    {
        _options = options;
        Device = TrainingDevice.Choose(context);
        try
        {
            Channel = Take(((IHostEnvironment)context).Register(trainer).Start("Training"));
            Take(TrainingTurn.Take(Channel, options.CancellationToken));
            Workspace = options.WorkspacePath is { } path ? Take(Workspace.Open(path, options.Resume)) : null;
            Take(new TrainingProcess(options.Threads));
            Take(new BorrowedGenerator(RandomStream.Derive(options.Seed!.Value, RandomStream.Weights, 0)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public torch.Device Device { get; }

    public IChannel Channel { get; }

    /// <summary>The folder of checkpoints and reports; null for none.</summary>
    public Workspace? Workspace { get; }

    /// <summary>Fits a network: what libtorch throws comes out in plain words, and a network that is not the outcome is
    /// disposed.</summary>
    /// <param name="context">Whose device is trained on.</param>
    /// <param name="options">With a seed.</param>
    /// <param name="trainer">The trainer's name, for the log.</param>
    /// <param name="create">Makes the network.</param>
    /// <param name="fit">Trains it and makes the transformer of it.</param>
    public static TTransformer Fit<TNetwork, TTransformer>(
        MLContext context,
        TrainingOptions options,
        string trainer,
        Func<TNetwork> create,
        Func<TrainingSession, TNetwork, TTransformer> fit
    )
        where TNetwork : torch.nn.Module
    {
        using var session = new TrainingSession(context, options, trainer);
        TNetwork? network = null;
        try
        {
            network = create();
            return fit(session, network);
        }
        catch (Exception failure)
        {
            network?.Dispose();
            if (LibtorchError.Translate(failure, options.BatchSize) is { } plain)
                throw plain;
            throw;
        }
    }

    /// <summary>Reads the training rows and, with what memory they leave, the validation rows.</summary>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; null for none.</param>
    /// <param name="columns">The columns of both.</param>
    public (RowStore Training, RowStore? Validation) Read(IDataView training, IDataView? validation, RowStoreOptions columns)
    {
        var rows = Read(training, columns with { Role = "training", MemoryLimit = _options.RowMemory });
        try
        {
            return validation is null
                ? (rows, null)
                : (
                    rows,
                    Read(validation, columns with { Role = "validation", MemoryLimit = _options.RowMemory - rows.Bytes.MemoryLength })
                );
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_taken.TryPop(out var part))
            part.Dispose();
    }

    RowStore Read(IDataView view, RowStoreOptions options)
    {
        var rows = RowStore.Read(view, options with { Folder = _options.WorkspacePath, CancellationToken = _options.CancellationToken });
        if (rows.Bytes.FileLength > 0)
            Channel.Info(
                MessageSensitivity.None,
                "The {0} rows take {1:N0} bytes of memory and {2:N0} bytes of a temporary file in '{3}'.",
                options.Role,
                rows.Bytes.MemoryLength,
                rows.Bytes.FileLength,
                rows.Bytes.Folder
            );
        return rows;
    }

    T Take<T>(T part)
        where T : IDisposable
    {
        _taken.Push(part);
        return part;
    }
}
