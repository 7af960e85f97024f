using Microsoft.ML;
using Microsoft.ML.Data;
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
        var found = new Dictionary<int, ShownImage>();
        using var cursor = rows.GetRowCursor([rows.Schema["Pixels"], rows.Schema["Id"]]);
        var getPixels = cursor.GetGetter<VBuffer<float>>(rows.Schema["Pixels"]);
        var getId = cursor.GetGetter<ReadOnlyMemory<char>>(rows.Schema["Id"]);
        var (pixels, id) = (default(VBuffer<float>), default(ReadOnlyMemory<char>));
        for (var row = 0; found.Count < wanted.Count && cursor.MoveNext(); row++)
        {
            // An image that nobody asks for is not decoded.
            if (!wanted.Contains(row))
                continue;
            getPixels(ref pixels);
            getId(ref id);
            found.Add(row, ShownImage.Of(id.ToString(), [.. pixels.DenseValues()]));
        }
        return
        [
            .. wanted.Select(row => new ShownError(
                predictions.Labels[predictions.ClassOf(row)],
                predictions[row][predictions.ClassOf(row)],
                predictions.Labels[predictions.Predicted[row]],
                predictions.ConfidenceOf(row),
                found[row]
            )),
        ];
    }
}
