using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Shows the test images that a network gets wrong with the most confidence.</summary>
static class ErrorPictures
{
    const int MostImages = 8;

    /// <summary>The worst errors, the most confident first.</summary>
    /// <param name="predictions">What the network says about the test rows.</param>
    /// <param name="test">The test rows.</param>
    /// <param name="view">The view that they come from, in the same order, with a column <c>Id</c>.</param>
    public static IReadOnlyList<ShownError> Of(Predictions predictions, RowStore test, IDataView view)
    {
        var rows = WorstErrors.Of(predictions, MostImages);
        if (rows.Count == 0)
            return [];
        string[] names = [.. view.GetColumn<ReadOnlyMemory<char>>("Id").Select(id => id.ToString())];
        return
        [
            .. rows.Select(row => new ShownError(
                names[row],
                predictions.Labels[predictions.ClassOf(row)],
                predictions[row][predictions.ClassOf(row)],
                predictions.Labels[predictions.Predicted[row]],
                predictions.ConfidenceOf(row),
                ShownImage.Of(names[row], test.ValuesOf(row))
            )),
        ];
    }
}
