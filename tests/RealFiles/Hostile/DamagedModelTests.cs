using System.Globalization;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Onnx;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>Damaged ONNX files of an exported network, each scored in a process of its own with at most 1 GiB.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class DamagedModelTests
{
    static readonly ModelIsolation s_limits = new() { MemoryLimit = 1L << 30, BatchTime = TimeSpan.FromSeconds(20) };

    readonly MLContext _ml = new(seed: 1);

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Models()
    {
        using var folder = new TemporaryFolder();
        using (var network = RandomNetwork.Create(RandomNetwork.Grey, seed: 1))
            OnnxExporter.Export(network, new(), folder["whole.onnx"]);
        var whole = File.ReadAllBytes(folder["whole.onnx"]);
        // Without the weights: most random damage would be in them, and be no damage to the file.
        var structure = Math.Min(whole.Length, WithoutWeights(whole).Length);
        var count = HostileCorpus.Count / 5;

        new HostileCorpus(TestContext, "models (ONNX)", "model.onnx", Score).Run(
            whole,
            [
                .. Damage.Cuts("model", whole).Where((_, number) => number % 3 == 0),
                .. Damage.Bytes("model", whole, count, seed: 8),
                .. Damage
                    .Bytes("structure", whole[..structure], 2 * count, seed: 9)
                    .Select(file => file with { Content = [.. file.Content, .. whole[structure..]] }),
                .. Fields(whole, 2 * count, seed: 10),
            ]
        );
    }

    /// <summary>Files that are valid as protocol buffers: nodes that change places, inputs and kinds; shapes that lie.</summary>
    static IEnumerable<HostileFile> Fields(byte[] whole, int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var model = ModelProto.Parser.ParseFrom(whole);
            var node = model.Graph.Node[random.Next(model.Graph.Node.Count)];
            var other = model.Graph.Node[random.Next(model.Graph.Node.Count)];
            var constant = model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)];
            var kind = random.Next(7);
            switch (kind)
            {
                case 0:
                    node.OpType = other.OpType;
                    break;
                case 1:
                    node.Input.Clear();
                    break;
                case 2:
                    node.Input.Add(other.Output);
                    break;
                case 3:
                    node.Output[0] = other.Output[0];
                    break;
                case 4:
                    constant.Dims.Add(1L << random.Next(63));
                    break;
                case 5:
                    constant.DataType = random.Next(20);
                    break;
                default:
                    model.Graph.Node.Remove(node);
                    break;
            }
            yield return new($"field {kind} of {node.Name} or {constant.Name} (number {number})", model.ToByteArray());
        }
    }

    static byte[] WithoutWeights(byte[] whole)
    {
        var model = ModelProto.Parser.ParseFrom(whole);
        model.Graph.Initializer.Clear();
        return model.ToByteArray();
    }

    string Score(string path)
    {
        var estimator = _ml.Scoring.OnnxBatch(
            new()
            {
                InputColumnName = "Pixels",
                ModelFile = path,
                Isolation = s_limits,
                BatchSize = 2,
                ParallelRuns = 1,
            }
        );
        var definition = SchemaDefinition.Create(typeof(Row));
        var dimensions = estimator.InputDimensions.ToArray();
        definition[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        var length = dimensions.Aggregate(1, (product, extent) => product * extent);
        var rows = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 3)
                .Select(row => new Row { Pixels = [.. Enumerable.Range(0, length).Select(i => (float)((i + row) % 256))] }),
            definition
        );
        using var scorer = estimator.Fit(rows);
        var scores = scorer.Transform(rows).GetColumn<float[]>("Score").SelectMany(row => row);
        return string.Join(' ', scores.Select(score => score.ToString(CultureInfo.InvariantCulture)));
    }

    sealed class Row
    {
        public float[] Pixels { get; set; } = [];
    }
}
