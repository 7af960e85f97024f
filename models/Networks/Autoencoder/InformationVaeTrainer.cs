using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Features;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>
/// Trains an <see cref="InformationVae"/> on a pixel column, without labels. The model appends the code of each row without noise, and the
/// row's evidence lower bound in nats.
/// </summary>
public sealed partial class InformationVaeTrainer : IEstimator<InformationVaeTransformer>
{
    readonly MLContext _context;
    readonly Options _options;
    readonly int _contextSeed;

    /// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to
    /// <see cref="MLContext.Log"/>.</param>
    /// <param name="options">Read anew at every <see cref="Fit"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public InformationVaeTrainer(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_context, _options) = (context, options);
        _contextSeed = ((IHostEnvironment)context).Register(nameof(InformationVaeTrainer)).Rand.Next();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing or holds no images of the network's size.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or the checkpoint is that of another training.</exception>
    /// <exception cref="InvalidDataException">A row holds a pixel that is no number or not within 0..255, or no checkpoint can be
    /// used.</exception>
    /// <exception cref="IOException">The workspace cannot be written to.</exception>
    /// <exception cref="InsufficientMemoryException">Memory was too small; the message names a batch size to try.</exception>
    /// <exception cref="InvalidOperationException">libtorch refused an operation; the message is its own, without C++ frames.</exception>
    /// <exception cref="TrainingDivergedException">The bound is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">The cancellation came before the first step.</exception>
    public InformationVaeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.Validate();
        _options.CancellationToken.ThrowIfCancellationRequested();
        var seed = _options.Seed ?? _contextSeed;
        var device = TrainingDevice.Choose(_context);

        using var channel = ((IHostEnvironment)_context).Register(nameof(InformationVaeTrainer)).Start("Training");
        using var turn = TrainingTurn.Take(channel, _options.CancellationToken);
        using var workspace = _options.WorkspacePath is { } path ? Workspace.Open(path, _options.Resume) : null;
        using var process = new TrainingProcess(_options.ThreadCount);
        using var generator = new BorrowedGenerator(RandomStream.Derive(seed, RandomStream.Weights, 0));
        InformationVae? network = null;
        try
        {
            var training = PixelRows.Read(input, "training", _options);
            var validation = _options.ValidationSet is { } view ? PixelRows.Read(view, "validation", _options) : null;
            network = new InformationVae(_options.Network);
            network.to(device);
            using var loop = new InformationVaeLoop(network, device, _options, seed, training, validation, workspace, channel);
            return new InformationVaeTransformer(_context, network, device, _options, seed, loop.Run());
        }
        catch (Exception failure)
        {
            network?.Dispose();
            if (LibtorchError.Translate(failure, _options.BatchSize) is { } plain)
                throw plain;
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        VectorColumn.Require(inputSchema, _options.InputColumnName);
        return OutputSchema.Append(_context, inputSchema, InformationVaeTransformer.Columns(_options));
    }
}
