using System.Runtime.InteropServices;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Models.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// The body of a classifier learns without labels, by <see cref="SimClr"/>. Its head learns the classes of the rows beside it, and is what
/// validation judges: a linear probe. The classes reach the body through <see cref="TrainingRecipe.ClipNorm"/> alone, which bounds the
/// norm of all gradients together.
/// </summary>
sealed class SimClrTask : ClassificationTask
{
    const string Contrast = "contrast";

    readonly ProjectedNetwork _projected;
    readonly Device _device;
    readonly double _temperature;
    readonly ImageAugmenter _augmenter;
    readonly int _seed;
    readonly int _rowLength;
    readonly Parameter[] _body;
    long _step;

    /// <param name="network">The classifier, on the device.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="options">With a seed, an augmentation and <see cref="TrainingRecipe.SimClr"/>.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The rows that choose the model; null for none.</param>
    public SimClrTask(Classifier network, Device device, ClassifierOptions options, RowStore training, RowStore? validation)
        : this(network, Project(network, device, options), device, options, training, validation) { }

    SimClrTask(
        Classifier network,
        ProjectedNetwork projected,
        Device device,
        ClassifierOptions options,
        RowStore training,
        RowStore? validation
    )
        : base(network, device, options, training, validation, trained: projected)
    {
        var (channels, height, width) = (network.InputShape[0], network.InputShape[1], network.InputShape[2]);
        (_projected, _device, _temperature) = (projected, device, options.SimClr!.Temperature);
        (_seed, _rowLength) = (options.Seed!.Value, network.InputLength);
        _augmenter = new ImageAugmenter(options.Augmentation!, channels, height, width);
        _body = Body(network, device);
    }

    public override string Name => "views by SimCLR, and a linear probe";

    public override bool AugmentsRows => true;

    public override void BeginStep(long step)
    {
        base.BeginStep(step);
        _step = step;
    }

    protected override (double Loss, NamedSums Figures) Compute(Batch rows, int start, int count)
    {
        var (probeLoss, figures) = ComputeProbe(rows, start, count);
        var views = Views(rows, start, count).to(_device);
        var codes = _projected.call(views);
        var contrast = NormalizedContrast.Loss(codes.narrow(0, 0, count), codes.narrow(0, count, count), _temperature);
        var loss = contrast * ((double)count / rows.StepCount);
        loss.backward();
        return (
            probeLoss + loss.item<float>(),
            new NamedSums(
                new Dictionary<string, double>(figures.Figures) { [PenaltyPrefix + Contrast] = contrast.item<float>() * (double)count }
            )
        );
    }

    public override void Dispose()
    {
        _projected.FreeProjection();
        base.Dispose();
    }

    /// <summary>The gradients of the head alone: the body stands still.</summary>
    (double Loss, NamedSums Figures) ComputeProbe(Batch rows, int start, int count)
    {
        using var frozen = new FrozenParameters(_body);
        return base.Compute(rows, start, count);
    }

    /// <summary>Two views of each row: first the first ones, then the second ones.</summary>
    Tensor Views(Batch rows, int start, int count)
    {
        var values = new float[2 * count * _rowLength];
        var scratch = new float[_rowLength];
        for (var view = 0; view < 2; view++)
        {
            var key = (ulong)RandomStream.Derive(_seed, RandomStream.Views, 2 * _step + view);
            for (var row = 0; row < count; row++)
            {
                var image = values.AsSpan((view * count + row) * _rowLength, _rowLength);
                rows.PixelValues.Slice((start + row) * _rowLength, _rowLength).CopyTo(image);
                _augmenter.Apply(image, scratch, key, rows.Ids[start + row]);
            }
        }
        return tensor(values).reshape([2 * count, .. RowShape.Select(size => (long)size)]);
    }

    static ProjectedNetwork Project(Classifier network, Device device, ClassifierOptions options)
    {
        using var features = FeaturesOf(network, device);
        return new(network, features.shape[1], options.SimClr!.ProjectionDimension, device);
    }

    /// <summary>The parameters that the features depend on: all but those of the head.</summary>
    static Parameter[] Body(Classifier network, Device device)
    {
        using var features = FeaturesOf(network, device);
        features.sum().backward();
        var parameters = network.parameters().ToLookup(parameter => parameter.grad is not null);
        network.zero_grad();
        return parameters[false].Any() && parameters[false].All(parameter => parameter.shape[0] == network.ClassCount)
            ? [.. parameters[true]]
            : throw new NotSupportedException(
                $"A {network.GetName()} has no head that could be a linear probe of its features; SimCLR needs one. Choose another network."
            );
    }

    static Tensor FeaturesOf(Classifier network, Device device)
    {
        network.eval();
        return network.features(zeros([2, .. network.InputShape.Select(size => (long)size)], device: device));
    }
}
