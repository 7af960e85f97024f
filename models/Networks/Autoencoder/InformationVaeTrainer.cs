using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Features;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Batching;
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
        var options = (Options)_options.WithSeed(_contextSeed);
        return TrainingSession.Fit(
            _context,
            options,
            nameof(InformationVaeTrainer),
            () => new InformationVae(options.Network),
            (session, network) => Train(session, network, options, input)
        );
    }

    InformationVaeTransformer Train(TrainingSession session, InformationVae network, Options options, IDataView input)
    {
        PrecisionSupport.ThrowIfMissing(options.Precision, network, session.Device);
        var (training, validation) = session.Read(
            input,
            options.ValidationSet,
            new()
            {
                FeatureColumnName = options.FeatureColumnName,
                Shape = options.Network.InputShape,
                RequiresPixels = true,
            }
        );
        using (training)
        using (validation)
        {
            network.to(session.Device);
            using var task = new InformationVaeTask(network, session.Device, options, validation);
            using var loop = new TrainingLoop(task, session.Device, options, training, validation, session.Workspace, session.Channel);
            return new InformationVaeTransformer(_context, network, session.Device, options, loop.Run());
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        VectorColumn.Require(inputSchema, _options.FeatureColumnName);
        return OutputSchema.Append(_context, inputSchema, InformationVaeTransformer.Columns(_options));
    }
}
