using Microsoft.ML;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Transforms.Images;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Domains;

/// <summary>The target of a shift of domain: the rows that the experiment's networks are also judged on.</summary>
sealed class TargetDomain
{
    const int BatchSize = 64;

    // A running average with a share of 0.1 keeps 0.002 of what was before 60 batches.
    const int Batches = 60;

    readonly ImageDataSet _data;
    readonly DomainSection _section;
    readonly int _seed;

    TargetDomain(ImageDataSet data, DomainSection section, int seed) => (_data, _section, _seed) = (data, section, seed);

    /// <summary>The images, in the size of the source.</summary>
    public ImageDataSet Data => _data;

    /// <summary>The rows whose features a training makes like those of its own; null unless that is declared.</summary>
    public IDataView? Aligned => _section.Adaptation is DomainAdaptation.Alignment ? _data.Train : null;

    /// <summary>The weight of that penalty.</summary>
    public double AlignmentWeight => _section.AlignmentWeight;

    /// <summary>Loads the target that a section names.</summary>
    /// <param name="section">The section.</param>
    /// <param name="source">The data that the networks are trained on.</param>
    /// <param name="seed">Decides the splits that the target does not come with, and the order of its rows.</param>
    /// <param name="load">Loads the images; those of a folder in the size that is asked for.</param>
    /// <exception cref="InvalidDataException">It has other classes or channels than the source.</exception>
    public static TargetDomain Load(DomainSection section, ImageDataSet source, int seed, Func<ImageShape, ImageDataSet> load)
    {
        var data = load(new ImageShape(source.Channels, source.Height, source.Width));
        if (!data.Labels.ToHashSet().SetEquals(source.Labels))
            throw new InvalidDataException(
                $"the target {data.Name} has the classes {string.Join(", ", data.Labels)}, and {source.Name} has "
                    + $"{string.Join(", ", source.Labels)}; a network knows only those that it was trained on."
            );
        if (data.Channels != source.Channels)
            throw new InvalidDataException(
                $"the target {data.Name} has {data.Channels} channels, and {source.Name} has {source.Channels}; "
                    + "give the target as a folder of images, which is converted."
            );
        return new TargetDomain(data.Resized(source.Height, source.Width), section, seed);
    }

    /// <summary>The accuracy of a trained pipeline on the target's test rows, after the declared adaptation.</summary>
    /// <param name="model">The pipeline as it scores.</param>
    /// <param name="trained">The network in it, without noise; it is the same afterwards.</param>
    /// <param name="labels">The classes of the source, in their order.</param>
    public double Accuracy(ITransformer model, NetworkTransformer trained, IReadOnlyList<string> labels)
    {
        if (_section.Adaptation is not DomainAdaptation.BatchStatistics)
            return Judge(model, labels);
        using var rows = RowStore.Read(_data.Train, new() { Role = "target" });
        using var statistics = BatchStatistics.Estimate(trained.Network, Sample(rows, trained));
        return Judge(model, labels);
    }

    double Judge(ITransformer model, IReadOnlyList<string> labels)
    {
        var judged = Predictions.Read(model.Transform(_data.Test), labels);
        return (double)judged.Correct / judged.Count;
    }

    /// <summary>Batches of rows in random order, which begin anew when all rows were in one.</summary>
    IEnumerable<Tensor> Sample(RowStore rows, NetworkTransformer trained)
    {
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new Random(_seed).Shuffle(order);
        long[] shape = [-1, .. trained.Network.InputShape.Select(size => (long)size)];
        for (var index = 0; index < Batches; index++)
        {
            using var scope = NewDisposeScope();
            float[] values =
            [
                .. Enumerable.Range(index * BatchSize, BatchSize).SelectMany(place => rows.ValuesOf(order[place % order.Length])),
            ];
            yield return tensor(values).reshape(shape).to(trained.Device);
        }
    }
}
