using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>A model that scores rows of floats.</summary>
sealed class RawScorer : IDisposable
{
    readonly MLContext _ml = new(seed: 1);
    readonly int _length;

    public RawScorer(
        TemporaryFolder folder,
        ModelProto model,
        int length,
        ModelIsolation? isolation = null,
        CancellationToken cancellation = default,
        int? batchSize = null,
        int? parallelRuns = null,
        string? output = null
    )
    {
        _length = length;
        _ml.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                Warnings.Add(line.RawMessage);
        };
        Transformer = _ml
            .Scoring.OnnxBatch(
                new()
                {
                    ModelFile = ForeignModel.Write(model, folder["model.onnx"]),
                    InputColumnName = nameof(Row.Values),
                    Output = output,
                    BatchSize = batchSize,
                    ParallelRuns = parallelRuns,
                    Isolation = isolation,
                    Cancellation = cancellation,
                }
            )
            .Fit(View([]));
    }

    public OnnxBatchTransformer Transformer { get; }

    public List<string> Warnings { get; } = [];

    public DataViewSchema Schema => View([]).Schema;

    public float[][] Score(float[][] rows) => [.. Transformer.Transform(View(rows)).GetColumn<float[]>("Score")];

    public void Dispose() => Transformer.Dispose();

    IDataView View(float[][] rows)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _length);
        return _ml.Data.LoadFromEnumerable(rows.Select(values => new Row { Values = values }).ToList(), definition);
    }

    sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
