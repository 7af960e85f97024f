using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Evaluation.Explanation;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Pictures;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Scoring;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Cli.Reports.Models;

/// <summary>Where an evaluated model looks in some of the images: by covered cells for any ONNX file, and by the network of a run.</summary>
static class EvaluationPictures
{
    // So many images, spread evenly, make the mean that cells are covered with.
    const int MeanRows = 128;

    /// <summary>The first images of each class, with their maps.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="fileOrRun">What the user named: only a run has its network beside the file.</param>
    /// <param name="model">The file, open for images.</param>
    /// <param name="predictions">What it says about the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public static RunPictures Of(
        MLContext ml,
        string fileOrRun,
        ModelFile model,
        Predictions predictions,
        IDataView rows,
        CancellationToken cancellation
    )
    {
        var shown = SampleImages.FirstOfEachClass([.. Enumerable.Range(0, predictions.Count).Select(predictions.ClassOf)]);
        var even = Math.Min(MeanRows, predictions.Count);
        int[] spread = [.. Enumerable.Range(0, even).Select(index => (int)((long)index * predictions.Count / even))];
        var found = ChosenRows.Read(rows, [.. shown.Union(spread)]);
        float[][] images = [.. shown.Select(row => found[row].Pixels)];
        var occlusions = OcclusionMaps.Of(
            new ModelClassifier(ml, model),
            model.Shape,
            MeanImage.Of(model.Shape.Length, spread.Select(row => found[row].Pixels)),
            images,
            cancellation
        );
        return new RunPictures(
            model.Shape,
            [.. shown.Zip(images, (row, pixels) => ShownImage.Of(predictions.Labels[predictions.ClassOf(row)], pixels))]
        )
        {
            Occlusions = occlusions.Maps,
            OcclusionCells = occlusions.CellCount,
            Answers = AnswersOf(fileOrRun, model, images),
        };
    }

    /// <summary>The network whose file a run exports: the noisy one, if there is one.</summary>
    static AnswerGallery? AnswersOf(string fileOrRun, ModelFile model, float[][] images)
    {
        if (!Directory.Exists(fileOrRun) || TrainedNetworkFile.TryFind(fileOrRun, network: null) is not { } path)
            return null;
        using var network = NetworkFile.Read(path);
        return AnswerMapping.Map(network.Network, CPU, model.Shape, images);
    }
}
