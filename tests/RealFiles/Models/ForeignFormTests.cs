using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using static NoisyNN.Tests.RealFiles.Models.RawModel;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>What other tools export: read where there is one right reading, else refused with what to do.</summary>
[TestClass]
public sealed class ForeignFormTests
{
    static readonly float[][] s_rows =
    [
        [1, 2, 3, 4],
        [-1, 0.5f, 0, 2],
        [0, 0, 0, 0],
    ];
    static readonly float[] s_weights = [1, 0, 2, -1, 3, 1, 0.5f, 0, 1, 1, 1, -2];

    [TestMethod]
    public void The_only_output_of_floats_is_read_although_labels_come_first()
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Classifier(zipMap: false), 4);

        Assert.AreEqual("probs", scorer.Transformer.OutputName);
        foreach (var row in scorer.Score(s_rows))
            Assert.AreEqual(1, row.Sum(), 1e-6);
    }

    [TestMethod]
    public void An_output_of_labels_is_refused_with_the_outputs_that_can_be_read()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<NotSupportedException>(() =>
            new RawScorer(folder, Classifier(zipMap: false), 4, output: "label")
        );

        Assert.Contains("'label' (int64 [N])", refusal.Message);
        Assert.Contains("--tensor", refusal.Message);
        Assert.Contains("'probs' (float [N, 3])", refusal.Message);
    }

    [TestMethod]
    [DataRow(null, "'label' (int64 [N])")]
    [DataRow("maps", "'maps'")]
    public void Maps_alone_are_refused_with_the_way_to_export_without_them(string? output, string named)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<NotSupportedException>(() => new RawScorer(folder, Classifier(zipMap: true), 4, output: output));

        Assert.Contains(named, refusal.Message);
        Assert.Contains("options={'zipmap': False}", refusal.Message);
    }

    [TestMethod]
    [DataRow("Double", "Double")]
    [DataRow("Double", "Float")]
    [DataRow("Float", "Double")]
    [DataRow("Float16", "Float16")]
    public void Doubles_and_halves_are_read_from_floats_and_into_floats(string taken, string given)
    {
        var (input, output) = (Enum.Parse<DataType>(taken), Enum.Parse<DataType>(given));
        using var folder = new TemporaryFolder();
        var model = Model(
            [Tensor("x", input, "N", 4)],
            [Tensor("y", output, "N", 3)],
            [
                Node("Cast", ["x"], ["f"], GraphAttribute.Of("to", (long)DataType.Float)),
                Node("MatMul", ["f", "w"], ["z"]),
                Node("Cast", ["z"], ["y"], GraphAttribute.Of("to", (long)output)),
            ],
            Floats("w", [4, 3], s_weights)
        );
        using var scorer = new RawScorer(folder, model, 4);

        var scores = scorer.Score(s_rows);
        for (var row = 0; row < s_rows.Length; row++)
            Assert.AreSequenceEqual(Expected(s_rows[row]), scores[row]);
    }

    [TestMethod]
    public void A_column_of_doubles_feeds_a_model_of_doubles_without_rounding()
    {
        using var folder = new TemporaryFolder();
        var model = Model(
            [Tensor("x", DataType.Double, "N", 2)],
            [Tensor("y", DataType.Double, "N", 1)],
            [Node("ReduceSum", ["x", "axis"], ["y"])],
            Longs("axis", [1], 1)
        );
        var ml = new MLContext(seed: 1);
        // In floats, 2^53 and 2^53 - 1 are one number.
        var rows = ml.Data.LoadFromEnumerable(new[] { new Doubles { Values = [9007199254740992, -9007199254740991] } });
        var estimator = ml.Scoring.OnnxBatch("Score", nameof(Doubles.Values), ForeignModel.Write(model, folder["model.onnx"]));
        using var scorer = estimator.Fit(rows);

        Assert.AreEqual(1f, scorer.Transform(rows).GetColumn<float[]>("Score").Single().Single());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void A_fixed_batch_takes_any_number_of_rows(int batch)
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Product(batch), 4);

        var scores = scorer.Score(s_rows);
        for (var row = 0; row < s_rows.Length; row++)
            Assert.AreSequenceEqual(Expected(s_rows[row]), scores[row]);
    }

    [TestMethod]
    public void A_batch_of_minus_one_is_any_batch()
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Product(-1), 4);

        Assert.AreSequenceEqual(Expected(s_rows[1]), scorer.Score(s_rows)[1]);
    }

    [TestMethod]
    public void A_batch_of_no_rows_is_refused_with_the_remedy()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<NotSupportedException>(() => new RawScorer(folder, Product(0), 4));

        Assert.Contains("a batch has 0 rows", refusal.Message);
        Assert.Contains("open first dimension", refusal.Message);
    }

    [TestMethod]
    public void One_value_a_row_is_a_vector_of_one()
    {
        using var folder = new TemporaryFolder();
        var model = Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N")],
            [Node("ReduceSum", ["x", "axis"], ["y"], GraphAttribute.Of("keepdims", 0L))],
            Longs("axis", [1], 1)
        );
        using var scorer = new RawScorer(folder, model, 4);

        Assert.AreSequenceEqual([10f], scorer.Score(s_rows)[0]);
    }

    [TestMethod]
    [DataRow("whole batch", "one value for the whole batch")]
    [DataRow("transposed", "one row per row")]
    [DataRow("text", "'x' (string [N])")]
    [DataRow("numbers", "'x' (int64 [N, 4])")]
    [DataRow("sequence", "sequence, a map or optional")]
    public void What_has_no_rows_of_numbers_is_refused_with_the_remedy(string kind, string reason)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<NotSupportedException>(() => new RawScorer(folder, Unreadable(kind), 4));

        Assert.Contains(reason, refusal.Message);
        Assert.Contains("xport", refusal.Message);
    }

    static ModelProto Unreadable(string kind) =>
        kind switch
        {
            "whole batch" => Model(
                [Tensor("x", DataType.Float, "N", 4)],
                [Tensor("y", DataType.Float)],
                [Node("ReduceMean", ["x"], ["y"], GraphAttribute.Of("keepdims", 0L))]
            ),
            "transposed" => Model(
                [Tensor("x", DataType.Float, "N", 4)],
                [Tensor("y", DataType.Float, "K", "N")],
                [Node("MatMul", ["x", "w"], ["z"]), Node("Transpose", ["z"], ["y"], GraphAttribute.Of("perm", [1L, 0L]))],
                Floats("w", [4, 3], s_weights)
            ),
            "text" => Model(
                [Tensor("x", DataType.String, "N")],
                [Tensor("y", DataType.String, "N")],
                [Node("StringNormalizer", ["x"], ["y"])]
            ),
            "numbers" => Model(
                [Tensor("x", DataType.Int64, "N", 4)],
                [Tensor("y", DataType.Float, "N", 4)],
                [Node("Cast", ["x"], ["y"], GraphAttribute.Of("to", (long)DataType.Float))]
            ),
            "sequence" => Model(
                [Sequence("x")],
                [Tensor("y", DataType.Float, "N", 4)],
                [Node("ConcatFromSequence", ["x"], ["y"], GraphAttribute.Of("axis", 0L))]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    static ValueInfoProto Sequence(string name) =>
        new()
        {
            Name = name,
            Type = new() { SequenceType = new() { ElemType = Tensor(name, DataType.Float, "N", 4).Type } },
        };

    /// <summary>A logistic regression as scikit-learn's exporter writes it: labels first, then probabilities, by row or as maps.</summary>
    static ModelProto Classifier(bool zipMap)
    {
        var maps = new ValueInfoProto
        {
            Name = "maps",
            Type = new()
            {
                SequenceType = new()
                {
                    ElemType = new()
                    {
                        MapType = new() { KeyType = (int)DataType.Int64, ValueType = Tensor("", DataType.Float).Type },
                    },
                },
            },
        };
        var linear = Node(
            "ai.onnx.ml:LinearClassifier",
            ["x"],
            ["label", "probs"],
            GraphAttribute.Of("classlabels_ints", [0L, 1L, 2L]),
            GraphAttribute.Of("post_transform", "SOFTMAX")
        );
        linear.Attribute.Add([FloatList("coefficients", s_weights), FloatList("intercepts", 0.1f, 0.2f, 0.3f)]);
        var label = Tensor("label", DataType.Int64, "N");
        return zipMap
            ? Model(
                [Tensor("x", DataType.Float, "N", 4)],
                [label, maps],
                [linear, Node("ai.onnx.ml:ZipMap", ["probs"], ["maps"], GraphAttribute.Of("classlabels_int64s", [0L, 1L, 2L]))]
            )
            : Model([Tensor("x", DataType.Float, "N", 4)], [label, Tensor("probs", DataType.Float, "N", 3)], [linear]);
    }

    static AttributeProto FloatList(string name, params float[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.Add(values);
        return attribute;
    }

    static ModelProto Product(int batch) =>
        Model(
            [Tensor("x", DataType.Float, batch, 4)],
            [Tensor("y", DataType.Float, batch, 3)],
            [Node("MatMul", ["x", "w"], ["y"])],
            Floats("w", [4, 3], s_weights)
        );

    static float[] Expected(float[] row) =>
        [.. Enumerable.Range(0, 3).Select(column => row.Select((value, index) => value * s_weights[index * 3 + column]).Sum())];

    sealed class Doubles
    {
        [VectorType(2)]
        public double[] Values { get; set; } = [];
    }
}
