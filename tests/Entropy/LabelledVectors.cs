using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Entropy;

/// <summary>Rows of features with a class and a number, as a view.</summary>
sealed class LabelledVectors
{
    public float[] Features { get; set; } = [];

    public string Class { get; set; } = "";

    public float Number { get; set; }

    public static IDataView View(MLContext ml, IEnumerable<LabelledVectors> rows, params int[] dimensions)
    {
        var schema = SchemaDefinition.Create(typeof(LabelledVectors));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Two independent normal values by Box and Muller.</summary>
    public static (double First, double Second) Normals(Random random)
    {
        var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }

    public static double Normal(Random random) => Normals(random).First;
}
