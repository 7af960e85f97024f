using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>Rows with a small image, an embedding and columns that noise cannot be put on.</summary>
sealed class Sample
{
    public int Number { get; set; }

    public string Label { get; set; } = "";

    [VectorType(1, 4, 5)]
    public float[] Pixels { get; set; } = [];

    [VectorType(3, 4)]
    public float[] Tokens { get; set; } = [];

    public float[] AnySize { get; set; } = [];

    [VectorType(2)]
    public double[] Doubles { get; set; } = [];

    public static IDataView View(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Array(count));

    public static Sample[] Array(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(row => new Sample
                {
                    Number = row,
                    Label = row % 2 == 0 ? "even" : "odd",
                    Pixels = [.. Enumerable.Range(0, 20).Select(i => (float)(10 * row + i))],
                    Tokens = [.. Enumerable.Range(0, 12).Select(i => (float)(row - i))],
                    AnySize = new float[1 + row % 3],
                    Doubles = [row, 1],
                }),
        ];
}
