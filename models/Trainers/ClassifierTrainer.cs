using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Models.Training.Process;
using NoisyNN.Models.Weights;
using NoisyNN.Transforms.Batching;
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

    private protected ClassifierTrainer(MLContext context, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        _context = context;
        TrainingOptions = options;
        _contextSeed = ((IHostEnvironment)context).Register(GetType().Name).Rand.Next();
    }

    private protected ClassifierOptions TrainingOptions { get; }

    /// <summary>Trains with <see cref="Training.TrainingOptions.ValidationSet"/> as the rows that choose the model.</summary>
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
        var options = (ClassifierOptions)TrainingOptions.WithSeed(_contextSeed);
        var label = KeyColumn.Find(input.Schema, options.LabelColumnName);
        return TrainingSession.Fit(
            _context,
            options,
            GetType().Name,
            () =>
                CreateNetwork(options.Configuration.ForRows(ShapeOf(FeatureColumn.TypeOf(input.Schema, options.FeatureColumnName))), label),
            (session, network) => Train(session, network, options, label, input, validationSet)
        );
    }

    NetworkTransformer Train(
        TrainingSession session,
        Classifier network,
        ClassifierOptions options,
        KeyColumn label,
        IDataView input,
        IDataView? validationSet
    )
    {
        var pretrained = options.PretrainedPath is { } weights ? LoadWeights(network, weights, session.Channel) : null;
        network.SetLatentNoise(options.LatentNoise);
        PrecisionSupport.ThrowIfMissing(options.Precision, network, session.Device);
        ThrowIfOtherLabels(validationSet, label);
        var (training, validation) = session.Read(
            input,
            validationSet,
            new()
            {
                FeatureColumnName = options.FeatureColumnName,
                Shape = network.InputShape,
                LabelColumnName = label.Name,
                Labels = label.Labels,
            }
        );
        using (training)
        using (validation)
        using (var target = ReadTarget(options, network))
        {
            if (network is ImageClassifier images)
            {
                TrainingPixels.ThrowIfScaled(training, images.Configuration, options.FeatureColumnName);
                TrainingPixels.WarnOfWeakNoise(options.InputNoise, session.Channel);
            }
            ThrowIfSingularAcrossBatch(training.Count);
            Standardize(network, training);
            network.to(session.Device);
            using var task = options.SimClr is null
                ? new ClassificationTask(network, session.Device, options, training, validation, target)
                : new SimClrTask(network, session.Device, options, training, validation);
            using var loop = new TrainingLoop(task, session.Device, options, training, validation, session.Workspace, session.Channel);
            var result = loop.Run() with { Pretrained = pretrained };
            return new NetworkTransformer(_context, network, session.Device, options, label, input.Schema, result);
        }
    }

    /// <summary>The unlabelled rows of another domain; null for none.</summary>
    static RowStore? ReadTarget(ClassifierOptions options, Classifier network) =>
        options.TargetSet is not { } view
            ? null
            : RowStore.Read(
                view,
                new()
                {
                    Role = "target",
                    FeatureColumnName = options.FeatureColumnName,
                    Shape = network.InputShape,
                    MemoryLimit = options.RowMemory,
                    Folder = options.WorkspacePath,
                    CancellationToken = options.CancellationToken,
                }
            );

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

    static Classifier CreateNetwork(ClassifierConfiguration network, KeyColumn label)
    {
        if (network.ClassCount != 0 && network.ClassCount != label.Count)
            throw new ArgumentException(
                $"Network.{nameof(network.ClassCount)} is {network.ClassCount}, but the label column "
                    + $"'{label.Name}' has {label.Count} key values; set it to {label.Count}, or to 0 to take it from the labels."
            );
        return (network with { ClassCount = label.Count }).Create();
    }

    static void Validate(ClassifierOptions options)
    {
        options.Validate();
        if (options.Augmentation is not null && options.Configuration is not ImageNetworkConfiguration)
            throw new ArgumentException($"{nameof(options.Augmentation)} is set; vectors are no images to crop or flip; set it to null.");
        if (options is { Ranks: > 1, LatentNoise: { InTraining: true, Noise.IsTransductive: true } })
            throw new ArgumentException(
                $"{nameof(options.LatentNoise)} mixes the rows of a batch in training, but each of the {options.Ranks} ranks has only its "
                    + $"own rows. Set {nameof(options.Ranks)} to 1, or mix along another axis."
            );
    }

    static void Standardize(Classifier network, RowStore rows)
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

    /// <exception cref="ArgumentException">The validation rows have other key values than the training rows.</exception>
    static void ThrowIfOtherLabels(IDataView? validationSet, KeyColumn label)
    {
        if (validationSet is not null && !KeyColumn.Find(validationSet.Schema, label.Name).Labels.SequenceEqual(label.Labels))
            throw new ArgumentException(
                $"The validation view's column '{label.Name}' has other key values than the training view's; transform "
                    + "both with the same fitted MapValueToKey."
            );
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
