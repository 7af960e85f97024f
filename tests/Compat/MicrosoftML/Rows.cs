using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Compat.MicrosoftML;

/// <summary>Row classes and short ways to read columns, for the tests of ML.NET's contract.</summary>
internal sealed class Point
{
    public float X { get; set; }

    public string Name { get; set; } = "";

    [VectorType(3)]
    public float[] Features { get; set; } = [0, 0, 0];

    public static List<Point> Some(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Point { X = i, Name = $"n{i % 3}", Features = [i, 10 * i, 100 * i] })];
}

internal sealed class KeyedRow
{
    [KeyType(3)]
    public uint Key { get; set; }
}

internal sealed class PlainKeyRow
{
    public uint Key { get; set; }
}

internal static class Reading
{
    public static float[][] Vectors(this IDataView view, string column) => [.. view.GetColumn<float[]>(column)];

    public static List<ulong> Ids(this DataViewRowCursor cursor)
    {
        var get = cursor.GetIdGetter();
        var ids = new List<ulong>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            get(ref id);
            Assert.AreEqual(0ul, id.High);
            ids.Add(id.Low);
        }
        return ids;
    }

    public static string ShapeOf(this IEstimator<ITransformer> estimator, SchemaShape input, string column)
    {
        var found = estimator.GetOutputSchema(input).Single(c => c.Name == column);
        return $"{found.Kind} {(found.IsKey ? "key " : "")}{found.ItemType} [{string.Join(",", found.Annotations.Select(a => a.Name))}]";
    }
}
