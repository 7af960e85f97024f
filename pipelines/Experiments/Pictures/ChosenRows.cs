using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Reads some images of a view. An image that nobody asks for is not decoded.</summary>
static class ChosenRows
{
    /// <summary>The name and the raw pixels of the wanted rows, by their position.</summary>
    /// <param name="rows">The rows, with the columns <c>Pixels</c> and <c>Id</c>.</param>
    /// <param name="wanted">Positions from 0.</param>
    public static IReadOnlyDictionary<int, (string Id, float[] Pixels)> Read(IDataView rows, IReadOnlyCollection<int> wanted)
    {
        var (left, found) = (wanted.ToHashSet(), new Dictionary<int, (string, float[])>());
        using var cursor = rows.GetRowCursor([rows.Schema["Pixels"], rows.Schema["Id"]]);
        var getPixels = cursor.GetGetter<VBuffer<float>>(rows.Schema["Pixels"]);
        var getId = cursor.GetGetter<ReadOnlyMemory<char>>(rows.Schema["Id"]);
        var (pixels, id) = (default(VBuffer<float>), default(ReadOnlyMemory<char>));
        for (var row = 0; left.Count > 0 && cursor.MoveNext(); row++)
        {
            if (!left.Remove(row))
                continue;
            getPixels(ref pixels);
            getId(ref id);
            found.Add(row, (id.ToString(), [.. pixels.DenseValues()]));
        }
        return found;
    }
}
