using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Process;
using NoisyNN.Models.Weights;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Native;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// What the trainers of all classifiers share: the ML.NET side of columns, labels and devices around <see cref="TrainingLoop"/>.
/// </summary>
public abstract class ClassifierTrainer : IEstimator<NetworkTransformer>
{
    readonly MLContext _context;
    readonly int _contextSeed;

    private protected ClassifierTrainer(MLContext context, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        _context = context;
        TrainingOptions = options;
        _contextSeed = ((IHostEnvironment)context).Register(GetType().Name).Rand.Next();
    }

    private protected TrainingOptions TrainingOptions { get; }

    /// <summary>Trains with <see cref="TrainingOptions.ValidationSet"/> as the rows that choose the model.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row holds a missing label or a pixel that is no number, or a checkpoint cannot be
    /// used.</exception>
    /// <exception cref="NotSupportedException">The network or the device does not compute in the <see cref="TrainingRecipe.Precision"/>
    /// asked for.</exception>
    /// <exception cref="InsufficientMemoryException">Memory was too small; the message names a batch size to try.</exception>
    /// <exception cref="InvalidOperationException">libtorch refused an operation; the message is its own, without C++ frames.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">The cancellation came before the first step.</exception>
    public NetworkTransformer Fit(IDataView input) => Fit(input, TrainingOptions.ValidationSet);

    /// <summary>Trains with <paramref name="validationSet"/> as the rows that choose the model.</summary>
    public NetworkTransformer Fit(IDataView input, IDataView? validationSet)
    {
        ArgumentNullException.ThrowIfNull(input);
        Validate(TrainingOptions);
        var options = TrainingOptions.WithSeed(_contextSeed);
        var label = KeyColumn.Find(input.Schema, options.LabelColumnName);
        var device = TrainingDevice.Choose(_context);

        using var channel = ((IHostEnvironment)_context).Register(GetType().Name).Start("Training");
        using var turn = TrainingTurn.Take(channel, options.CancellationToken);
        using var workspace = options.WorkspacePath is { } path ? Workspace.Open(path, options.Resume) : null;
        using var process = new TrainingProcess(options.ThreadCount);
        using var generator = new BorrowedGenerator(RandomStream.Derive(options.Seed!.Value, RandomStream.Weights, 0));
        Classifier? network = null;
        try
        {
            var rowType = LabelledPixels.FindVector(input.Schema, options.FeatureColumnName);
            network = CreateNetwork(options.Configuration.ForRows(ShapeOf(rowType)), label);
            var pretrained = options.PretrainedPath is { } weights ? LoadWeights(network, weights, channel) : null;
            network.SetLatentNoise(options.LatentNoise);
            PrecisionSupport.ThrowIfMissing(options.Precision, network, device);
            using var training = Read(input, "training", network, label, options.RowMemory, channel);
            if (network is ImageClassifier images)
            {
                TrainingPixels.ThrowIfScaled(training, images.Configuration, options.FeatureColumnName);
                TrainingPixels.WarnOfWeakNoise(options.InputNoise, channel);
            }
            ThrowIfSingularAcrossBatch(training.Count);
            Standardize(network, training);
            using var validation = validationSet is null
                ? null
                : Read(validationSet, "validation", network, label, options.RowMemory - training.Bytes.MemoryLength, channel);
            if (validation is null && options.Patience > 0)
                throw new ArgumentException(
                    $"{nameof(options.Patience)} is {options.Patience}, but there is no {nameof(options.ValidationSet)} to see an improvement on; give one, or set it to 0."
                );
            if (validation is null)
                channel.Warning(
                    MessageSensitivity.None,
                    "There is no ValidationSet, so the last epoch's weights are kept, not the best ones."
                );

            network.to(device);
            using var loop = new TrainingLoop(network, device, options, training, validation, workspace, channel);
            return new NetworkTransformer(
                _context,
                network,
                device,
                options,
                label,
                input.Schema,
                loop.Run() with
                {
                    Pretrained = pretrained,
                }
            );
        }
        catch (Exception failure)
        {
            network?.Dispose();
            if (LibtorchError.Translate(failure, options.BatchSize) is { } plain)
                throw plain;
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var feature = Find(inputSchema, TrainingOptions.FeatureColumnName);
        if (feature.Kind != SchemaShape.Column.VectorKind.Vector || feature.ItemType != NumberDataViewType.Single)
            throw Schema.Mismatch(
                "feature",
                feature.Name,
                "a Vector<Single> of known size",
                $"{feature.Kind} of {feature.ItemType}",
                Schema.PixelRemedy
            );
        var label = Find(inputSchema, TrainingOptions.LabelColumnName);
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw Schema.Mismatch("label", label.Name, "a key", $"{label.Kind} of {label.ItemType}", Schema.KeyRemedy(label.Name));

        // A shape knows neither the number of classes nor their names: two unnamed classes stand for them.
        var keyValueType = label
            .Annotations.Where(annotation => annotation.Name == Schema.KeyValues)
            .Select(annotation => annotation.ItemType)
            .FirstOrDefault();
        var columns = TrainingOptions.OutputColumns(KeyColumn.Placeholder(label.Name, keyValueType ?? TextDataViewType.Instance));
        return OutputSchema.Append(_context, inputSchema, columns);
    }

    /// <summary>The shape of a row, as far as it decides sizes of the network.</summary>
    IReadOnlyList<int> ShapeOf(VectorDataViewType type) =>
        TrainingOptions.Configuration is ImageNetworkConfiguration images
            ? ImageColumn.ShapeOf(TrainingOptions.FeatureColumnName, type, images.GivenImageSize, images.GivenChannels)
            : type.Dimensions;

    static SchemaShape.Column Find(SchemaShape schema, string name)
    {
        foreach (var column in schema)
            if (column.Name == name)
                return column;
        throw Schema.Missing(name, schema.Select(column => column.Name));
    }

    static Classifier CreateNetwork(NetworkConfiguration network, KeyColumn label)
    {
        if (network.ClassCount != 0 && network.ClassCount != label.Count)
            throw new ArgumentException(
                $"Network.{nameof(network.ClassCount)} is {network.ClassCount}, but the label column "
                    + $"'{label.Name}' has {label.Count} key values; set it to {label.Count}, or to 0 to take it from the labels."
            );
        return (network with { ClassCount = label.Count }).Create();
    }

    static void Validate(TrainingOptions options)
    {
        options.Validate();
        if (options.Augmentation is not null && options.Configuration is not ImageNetworkConfiguration)
            throw new ArgumentException($"{nameof(options.Augmentation)} is set; vectors are no images to crop or flip; set it to null.");
    }

    static void Standardize(Classifier network, LabelledPixels rows)
    {
        if (!network.StandardizesInput)
            return;
        var (means, deviations) = rows.ComputeMoments();
        network.Standardize(means, deviations);
    }

    static PretrainedReport LoadWeights(Classifier network, string path, IChannel channel)
    {
        var report = PretrainedWeights.Load(network, path);
        channel.Info(MessageSensitivity.None, "Pretrained weights: {0}", report);
        return report;
    }

    LabelledPixels Read(IDataView view, string role, Classifier network, KeyColumn label, long memoryLimit, IChannel channel)
    {
        var options = TrainingOptions;
        var rows = LabelledPixels.Read(
            view,
            role,
            options.FeatureColumnName,
            [.. network.InputShape],
            label,
            memoryLimit,
            options.WorkspacePath,
            options.CancellationToken
        );
        if (rows.Bytes.FileLength > 0)
            channel.Info(
                MessageSensitivity.None,
                "The {0} rows take {1:N0} bytes of memory and {2:N0} bytes of a temporary file in '{3}'.",
                role,
                rows.Bytes.MemoryLength,
                rows.Bytes.FileLength,
                rows.Bytes.Folder
            );
        return rows.Count > 0 ? rows : throw new ArgumentException($"The {role} view has no rows.");
    }

    /// <summary>Noise across rows meets the size of a full step or batch and that of the last one; both must be invertible.</summary>
    void ThrowIfSingularAcrossBatch(int rowCount)
    {
        var (batch, step) = (TrainingOptions.BatchSize, TrainingOptions.BatchSize * TrainingOptions.AccumulationSteps);
        Check(TrainingOptions.InputNoise, step);
        Check(TrainingOptions.LatentNoise is { InTraining: true, Noise: var noise } ? noise : null, batch);

        void Check(NoiseDefinition? definition, int size)
        {
            if (definition is not LinearTransformNoise { Axis: MixAxis.Batch } mixing)
                return;
            mixing.ThrowIfSingular(Math.Min(size, rowCount));
            if (rowCount % size is > 0 and var last)
                mixing.ThrowIfSingular(last);
        }
    }
}
