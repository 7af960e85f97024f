using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>Reads a column of vectors.</summary>
static class Vectors
{
    /// <summary>Row by row, each a copy.</summary>
    public static float[][] Read(IDataView view, string column) => [.. view.GetColumn<float[]>(view.Schema[column])];

    /// <summary>Pairs of the sample's number and its vector, in the order of one cursor.</summary>
    public static List<(int Number, float[] Vector)> Read(DataViewRowCursor cursor, string column)
    {
        var rows = new List<(int, float[])>();
        using (cursor)
        {
            var number = cursor.GetGetter<int>(cursor.Schema["Number"]);
            var vector = cursor.GetGetter<VBuffer<float>>(cursor.Schema[column]);
            var (n, v) = (0, default(VBuffer<float>));
            while (cursor.MoveNext())
            {
                number(ref n);
                vector(ref v);
                rows.Add((n, [.. v.DenseValues()]));
            }
        }
        return rows;
    }
}
