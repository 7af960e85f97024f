using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Features;
using NoisyNN.Transforms.Batching;
using TorchSharp;

namespace NoisyNN.Models.Training;

/// <summary>
/// Trains an <see cref="InformationVae"/> on a pixel column, without labels. The model appends the code of each row without noise, and the row's evidence lower
/// bound in nats.
/// </summary>
public sealed class InformationVaeTrainer : IEstimator<InformationVaeTransformer>
{
    readonly MLContext _context;
    readonly Options _options;
    readonly int _contextSeed;

    /// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to <see cref="MLContext.Log"/>.</param>
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

    /// <summary>Options of <see cref="InformationVaeTrainer"/>.</summary>
    public sealed class Options
    {
        /// <summary>Raw pixels, planar, 0..255: a <c>Vector&lt;Single&gt;</c> of known size C·H·W.</summary>
        public string InputColumnName = "Pixels";

        /// <summary>The column of codes without noise that is appended.</summary>
        public string EmbeddingColumnName = "Embedding";

        /// <summary>
        /// The column of bounds that is appended, nats, each with one draw of the code that depends on the row alone; null for none. A model with it cannot be saved by
        /// <c>Model.Save</c>.
        /// </summary>
        public string? BoundColumnName = "Bound";

        /// <summary>The sizes and the posterior.</summary>
        public InformationVaeConfiguration Network = new();

        /// <summary>Passes over the training rows.</summary>
        public int MaxEpoch = 20;

        /// <summary>Rows in a step, and rows that the trained model computes at once.</summary>
        public int BatchSize = 128;

        /// <summary>AdamW's rate after a warm-up of half an epoch; it ends at a tenth of it.</summary>
        public double LearningRate = 1e-3;

        /// <summary>Seeds the first weights, the order of the rows and the codes. Null draws one from the context when the trainer is made.</summary>
        public int? Seed;

        /// <summary>Rows whose bound is reported after each epoch. The last epoch's weights are kept in any case.</summary>
        public IDataView? ValidationSet;

        /// <summary>Stops the training after the step in progress; the model then has the weights of that step.</summary>
        public CancellationToken CancellationToken;

        /// <summary>Called on the training thread after each epoch.</summary>
        public Action<InformationVaeMetrics>? MetricsCallback;

        /// <summary>Torch's threads while training; 0 takes the process's setting.</summary>
        public int ThreadCount;

        internal void Validate()
        {
            ArgumentNullException.ThrowIfNull(Network);
            Network.Validate();
            Require(!string.IsNullOrWhiteSpace(InputColumnName), nameof(InputColumnName), "empty", "give the name of a column");
            Require(!string.IsNullOrWhiteSpace(EmbeddingColumnName), nameof(EmbeddingColumnName), "empty", "give the name of a column");
            Require(BoundColumnName is null || (BoundColumnName.Trim().Length > 0 && BoundColumnName != EmbeddingColumnName), nameof(BoundColumnName), BoundColumnName!, $"it must be a name other than {nameof(EmbeddingColumnName)}, or null");
            Require(MaxEpoch >= 1, nameof(MaxEpoch), MaxEpoch, "it must be at least 1");
            Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "it must be at least 1");
            Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "it must be a finite number above 0; 0.001 is a usual start");
            Require(ThreadCount >= 0, nameof(ThreadCount), ThreadCount, "it must be at least 0");
        }

        static void Require(bool holds, string name, object value, string rule)
        {
            if (!holds)
                throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; {rule}."), name);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing or holds no images of the network's size.</exception>
    /// <exception cref="InvalidDataException">A row holds a pixel that is no number or not within 0..255.</exception>
    /// <exception cref="TrainingDivergedException">The bound is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">The cancellation came before the first step.</exception>
    public InformationVaeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.Validate();
        _options.CancellationToken.ThrowIfCancellationRequested();
        var seed = _options.Seed ?? _contextSeed;
        var device = TrainingDevice.Choose(_context);
        var training = PixelRows.Read(input, "training", _options);
        var validation = _options.ValidationSet is { } view ? PixelRows.Read(view, "validation", _options) : null;

        using var channel = ((IHostEnvironment)_context).Register(nameof(InformationVaeTrainer)).Start("Training");
        using var threads = new ThreadLimit(_options.ThreadCount > 0 ? _options.ThreadCount : torch.get_num_threads());
        using var generator = new BorrowedGenerator(RandomStream.Derive(seed, RandomStream.Weights, 0));
        InformationVae? network = null;
        try
        {
            network = new InformationVae(_options.Network);
            network.to(device);
            var loop = new InformationVaeLoop(network, device, _options, seed, training, validation, channel);
            return new InformationVaeTransformer(_context, network, device, _options, seed, loop.Run());
        }
        catch
        {
            network?.Dispose();
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
