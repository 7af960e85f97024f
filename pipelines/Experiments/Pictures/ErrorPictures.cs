using Microsoft.ML;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Shows the images that a network gets wrong with the most confidence.</summary>
static class ErrorPictures
{
    const int MostImages = 8;

    /// <summary>The worst errors, the most confident first.</summary>
    /// <param name="predictions">What the network says about the rows.</param>
    /// <param name="rows">The rows, in the same order, with the columns <c>Pixels</c> and <c>Id</c>.</param>
    public static IReadOnlyList<ShownError> Of(Predictions predictions, IDataView rows)
    {
        var wanted = WorstErrors.Of(predictions, MostImages);
        var found = ChosenRows.Read(rows, wanted);
        return
        [
            .. wanted.Select(row => new ShownError(
                predictions.Labels[predictions.ClassOf(row)],
                predictions[row][predictions.ClassOf(row)],
                predictions.Labels[predictions.Predicted[row]],
                predictions.ConfidenceOf(row),
                ShownImage.Of(found[row].Id, found[row].Pixels)
            )),
        ];
    }
}
