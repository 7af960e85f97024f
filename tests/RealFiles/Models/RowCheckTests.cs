using Microsoft.ML;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using static NoisyNN.Tests.RealFiles.Models.RawModel;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>Every file is tried with one row alone and the same row among others.</summary>
[TestClass]
public sealed class RowCheckTests
{
    [TestMethod]
    [DataRow("mean of the batch")]
    [DataRow("sum of the rows before")]
    [DataRow("first row")]
    [DataRow("softmax over the batch")]
    [DataRow("a batch of four")]
    [DataRow("scores that saturate")]
    public void A_file_that_mixes_rows_is_marked_and_warned_of_and_scores_no_single_rows(string kind)
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Mixing(kind), 3);

        Assert.IsTrue(scorer.Transformer.MixesRows);
        Assert.IsFalse(scorer.Transformer.IsRowToRowMapper);
        Assert.HasCount(1, scorer.Warnings);
        Assert.Contains("'model.onnx': it mixes the rows of a batch", scorer.Warnings[0]);
        Assert.Contains("it mixes the rows", scorer.Transformer.RowFinding!);
        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() => scorer.Transformer.GetRowToRowMapper(scorer.Schema));
        Assert.Contains("depends on the rows around it", refusal.Message);
        // A warm-up must not choose what changes the results.
        Assert.AreEqual(kind == "a batch of four" ? 4 : 64, scorer.Transformer.WarmUp(scorer.Schema).BatchSize);
    }

    [TestMethod]
    [DataRow("affine")]
    [DataRow("normalised row")]
    [DataRow("noise")]
    [DataRow("not a number")]
    public void A_file_that_treats_rows_one_by_one_is_not_marked(string kind)
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Independent(kind), 3);

        Assert.IsFalse(scorer.Transformer.MixesRows);
        Assert.IsTrue(scorer.Transformer.IsRowToRowMapper);
        Assert.IsEmpty(scorer.Warnings);
        scorer.Transformer.GetRowToRowMapper(scorer.Schema);
    }

    [TestMethod]
    public void A_model_that_runs_with_one_row_alone_scores_rows_one_by_one()
    {
        using var folder = new TemporaryFolder();
        // The inner reshape knows one row only, whatever the input says.
        var model = Model(
            [Tensor("x", DataType.Float, "N", 3)],
            [Tensor("y", DataType.Float, "N", 3)],
            [Node("Reshape", ["x", "one"], ["r"]), Node("Add", ["r", "r"], ["y"])],
            Longs("one", [2], 1, 3)
        );
        using var scorer = new RawScorer(folder, model, 3);

        Assert.Contains("one by one", scorer.Transformer.RowFinding!);
        Assert.IsFalse(scorer.Transformer.MixesRows);
        var scores = scorer.Score([
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
        ]);
        Assert.AreSequenceEqual([2f, 4, 6], scores[0]);
        Assert.AreSequenceEqual([14f, 16, 18], scores[2]);
        Assert.AreEqual(1, scorer.Transformer.Setting.BatchSize);
    }

    [TestMethod]
    public void A_value_for_the_whole_batch_is_one_row_alone()
    {
        using var folder = new TemporaryFolder();
        var model = Model(
            [Tensor("x", DataType.Float, "N", 3)],
            [Tensor("y", DataType.Float, "K")],
            [Node("ReduceSum", ["x", "axes"], ["s"], GraphAttribute.Of("keepdims", 0L)), Node("Reshape", ["s", "one"], ["y"])],
            Longs("axes", [2], 0, 1),
            Longs("one", [1], 1)
        );
        using var scorer = new RawScorer(folder, model, 3);

        Assert.AreSequenceEqual(
            [6f, 15],
            scorer
                .Score([
                    [1, 2, 3],
                    [4, 5, 6],
                ])
                .Select(row => row[0])
        );
    }

    static ModelProto Mixing(string kind) =>
        kind switch
        {
            "mean of the batch" => ForeignModel.CentredOverRows(),
            "sum of the rows before" => Rows(Node("CumSum", ["x", "axis"], ["y"]), Longs("axis", [], 0)),
            "first row" => Model(
                [Tensor("x", DataType.Float, "N", 3)],
                [Tensor("y", DataType.Float, "N", 3)],
                [Node("Gather", ["x", "zero"], ["f"]), Node("Sub", ["x", "f"], ["y"])],
                Longs("zero", [1], 0)
            ),
            "softmax over the batch" => Rows(Node("Softmax", ["x"], ["y"], GraphAttribute.Of("axis", 0L))),
            "a batch of four" => Model(
                [Tensor("x", DataType.Float, 4, 3)],
                [Tensor("y", DataType.Float, 4, 3)],
                [Node("ReduceMean", ["x"], ["m"], GraphAttribute.Of("axes", [0L])), Node("Sub", ["x", "m"], ["y"])]
            ),
            // Sigmoid of values of up to 255 less their mean is 0 or 1 almost always; of values near 0 it is neither.
            "scores that saturate" => Model(
                [Tensor("x", DataType.Float, "N", 3)],
                [Tensor("y", DataType.Float, "N", 3)],
                [
                    Node("ReduceMax", ["x"], ["m"], GraphAttribute.Of("axes", [0L])),
                    Node("Add", ["x", "m"], ["s"]),
                    Node("Sigmoid", ["s"], ["y"]),
                ]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    static ModelProto Independent(string kind) =>
        kind switch
        {
            "affine" => ForeignModel.Affine(),
            "normalised row" => Rows(Node("Softmax", ["x"], ["y"], GraphAttribute.Of("axis", 1L))),
            "noise" => Model(
                [Tensor("x", DataType.Float, "N", 3)],
                [Tensor("y", DataType.Float, "N", 3)],
                [Node("RandomNormalLike", ["x"], ["n"]), Node("Add", ["x", "n"], ["y"])]
            ),
            "not a number" => Model(
                [Tensor("x", DataType.Float, "N", 3)],
                [Tensor("y", DataType.Float, "N", 3)],
                [Node("Sub", ["x", "x"], ["z"]), Node("Div", ["z", "z"], ["y"])]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    static ModelProto Rows(NodeProto node, params IEnumerable<TensorProto> constants) =>
        Model([Tensor("x", DataType.Float, "N", 3)], [Tensor("y", DataType.Float, "N", 3)], [node], constants);
}
