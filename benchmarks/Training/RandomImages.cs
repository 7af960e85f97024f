using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;

namespace NoisyNN.Benchmarks.Training;

/// <summary>Random grey images of 28 x 28 pixels with random labels, for measurements to which the content does not matter.</summary>
static class RandomImages
{
    public const int Classes = 10,
        Size = 28;

    public static RowStore Rows(int count)
    {
        var view = View(new MLContext(), count);
        return RowStore.Read(view, new() { LabelColumnName = "Label", Labels = KeyColumn.Find(view.Schema, "Label").Labels });
    }

    public static IDataView View(MLContext context, int count)
    {
        var random = new Random(1);
        var rows = Enumerable
            .Range(0, count)
            .Select(index => new Row
            {
                Pixels = [.. Enumerable.Range(0, Size * Size).Select(_ => (float)random.Next(256))],
                Label = index < Classes ? $"{index}" : $"{random.Next(Classes)}",
            })
            .ToArray();
        var view = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    sealed class Row
    {
        [VectorType(1, Size, Size)]
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
