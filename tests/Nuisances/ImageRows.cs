using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Nuisances;

/// <summary>Small grey images for tests, as an ML.NET view.</summary>
static class ImageRows
{
    /// <summary>Images of height x width pixels; all pixels of image n have the value n + 1.</summary>
    public static IDataView Of(MLContext ml, int count, int height, int width)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, height, width);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, count)
                .Select(number => new Row { Pixels = [.. Enumerable.Repeat((float)(number % 200 + 1), height * width)] })
                .ToArray(),
            schema
        );
    }

    public static float[][] Pixels(IDataView view) => [.. view.GetColumn<float[]>("Pixels")];

    public static string[] Places(IDataView view) => [.. view.GetColumn<string>("Place")];

    sealed class Row
    {
        public float[] Pixels { get; set; } = [];
    }
}
