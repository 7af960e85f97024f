using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>
/// A small learner, as both supplies of ML.NET lack a common one: the class whose mean is nearest. It remembers what it was fitted on.
/// </summary>
sealed class NearestMean(string featureColumn) : IEstimator<ITransformer>
{
    readonly MLContext _ml = new(seed: 1);

    public List<float[]> Seen { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        var rows = Vectors.Read(input, featureColumn);
        var labels = input.GetColumn<uint>("Label").ToArray();
        Seen.AddRange(rows);
        var classes = (int)((KeyDataViewType)input.Schema["Label"].Type).Count;
        var means = Enumerable.Range(1, classes).Select(key => Mean(rows.Where((_, row) => labels[row] == key).ToList())).ToArray();
        var length = ((VectorDataViewType)input.Schema[featureColumn].Type).Size;
        return Mapping(
                length,
                input.Schema["Label"],
                (read, written) =>
                {
                    var weights = means
                        .Select(mean => Math.Exp(-mean.Zip(read.Values.DenseValues(), (a, b) => (a - b) * (a - b)).Sum() / 1000))
                        .ToArray();
                    written.Score = [.. weights.Select(weight => (float)(weight / weights.Sum()))];
                    written.PredictedLabel = (uint)Array.IndexOf(weights, weights.Max());
                }
            )
            .Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var keyValues = new DataViewSchema.Annotations.Builder();
        if (inputSchema.Single(column => column.Name == "Label").Annotations.Any(annotation => annotation.Name == "KeyValues"))
        {
            keyValues.Add(
                "KeyValues",
                new VectorDataViewType(TextDataViewType.Instance, 2),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["".AsMemory(), "".AsMemory()])
            );
        }
        return OutputSchema.Append(
            _ml,
            inputSchema,
            [
                new("Score", new VectorDataViewType(NumberDataViewType.Single, 2)),
                new("PredictedLabel", new KeyDataViewType(typeof(uint), 2), keyValues.ToAnnotations()),
            ]
        );
    }

    IEstimator<ITransformer> Mapping(int length, DataViewSchema.Column label, Action<In, Out> map)
    {
        var input = SchemaDefinition.Create(typeof(In), SchemaDefinition.Direction.Read);
        input["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        input["Values"].ColumnName = featureColumn;
        var output = SchemaDefinition.Create(typeof(Out), SchemaDefinition.Direction.Write);
        if (label.Annotations.Schema.GetColumnOrNull("KeyValues") is { } keyValues)
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            label.Annotations.GetValue("KeyValues", ref names);
            output["PredictedLabel"].AddAnnotation("KeyValues", names, keyValues.Type);
        }
        return _ml.Transforms.CustomMapping(map, contractName: null, input, output);
    }

    static float[] Mean(List<float[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    sealed class In
    {
        public VBuffer<float> Values { get; set; }
    }

    sealed class Out
    {
        [VectorType(2)]
        public float[] Score { get; set; } = [];

        [KeyType(2)]
        public uint PredictedLabel { get; set; }
    }
}
