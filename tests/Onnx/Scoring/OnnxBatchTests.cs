using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Scoring in batches gives each row what it would get alone, in its own place.</summary>
[TestClass]
public sealed class OnnxBatchTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(64)]
    public void Rows_keep_their_order_and_the_last_block_may_be_short(int batchSize)
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.Affine(), Rows(10), batchSize);

        var scored = Read(transformer.Transform(Rows(10)));

        CollectionAssert.AreEqual(Enumerable.Range(0, 10).Select(row => $"row {row}").ToArray(), scored.Select(row => row.Id).ToArray());
        foreach (var (row, index) in scored.Select((row, index) => (row, index)))
            CollectionAssert.AreEqual(new[] { 2f * index + 1, 2f * (index + 0.25f) + 1, 2f * (index + 0.5f) + 1 }, row.Score);
    }

    [TestMethod]
    public void Short_last_block_runs_with_its_own_rows_only()
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.CentredOverRows(), Rows(6), batchSize: 4);

        // Rows 0 to 3 around their mean 1.5, then rows 4 and 5 around 4.5: nothing of the first block is left in the second.
        CollectionAssert.AreEqual(
            new[] { -1.5f, -0.5f, 0.5f, 1.5f, -0.5f, 0.5f },
            Read(transformer.Transform(Rows(6))).Select(row => row.Score[0]).ToArray()
        );
    }

    [TestMethod]
    public void Schema_is_exact_and_other_columns_pass_through()
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.Affine(), Rows(3));

        var view = transformer.Transform(Rows(3));

        CollectionAssert.AreEqual(new[] { "Id", "Values", "Score" }, view.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), view.Schema["Score"].Type);
        CollectionAssert.AreEqual(
            view.Schema.Select(column => (column.Name, column.Type)).ToArray(),
            transformer.GetOutputSchema(Rows(3).Schema).Select(column => (column.Name, column.Type)).ToArray()
        );
        Assert.AreEqual(3L, view.GetRowCount());
    }

    [TestMethod]
    public void Labels_in_the_file_become_a_predicted_label_and_slot_names()
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), Rows(3));

        var view = transformer.Transform(Rows(3));
        var named = _context.Transforms.Conversion.MapKeyToValue("Named", "PredictedLabel").Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { "ant", "bee", "cat" }, transformer.Labels.ToArray());
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), view.Schema["PredictedLabel"].Type);
        // The values of each row rise, so the third class has the largest score; keys count from 1.
        CollectionAssert.AreEqual(new uint[] { 3, 3, 3 }, view.GetColumn<uint>("PredictedLabel").ToArray());
        CollectionAssert.AreEqual(new[] { "cat", "cat", "cat" }, named.GetColumn<string>("Named").ToArray());
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Score"].Annotations.GetValue("SlotNames", ref names);
        CollectionAssert.AreEqual(new[] { "ant", "bee", "cat" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void Estimator_fits_into_a_chain_before_and_after_other_steps()
    {
        using var folder = new TemporaryFolder();
        var path = ForeignModel.Write(ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), folder["model.onnx"]);
        var pipeline = _context
            .Transforms.CopyColumns("Features", "Values")
            .Append(_context.Scoring.OnnxBatch("Score", "Features", path, batchSize: 2))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        using var model = pipeline.Fit(Rows(5));

        CollectionAssert.AreEqual(
            Enumerable.Repeat("cat", 5).ToArray(),
            model.Transform(Rows(5)).GetColumn<string>("PredictedLabel").ToArray()
        );
    }

    [TestMethod]
    public void Embedding_is_a_column_of_its_own_and_predicts_nothing()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"{label}")] }, folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 5);
        var images = _context.Data.LoadFromEnumerable(pixels.Chunk(144).Select(values => new Image { Pixels = values }).ToList());

        using var transformer = _context
            .Scoring.OnnxBatch("Embedding", "Pixels", folder["model.onnx"], output: "ClassToken", batchSize: 2)
            .Fit(images);
        var view = transformer.Transform(images);

        CollectionAssert.AreEqual(new[] { "Pixels", "Embedding" }, view.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 16), view.Schema["Embedding"].Type);
        var expected = RandomNetwork.Features(network, pixels);
        var actual = view.GetColumn<float[]>("Embedding").SelectMany(values => values).ToArray();
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-4f);
    }

    [TestMethod]
    public void Exported_network_scores_like_the_network_and_carries_its_labels()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        string[] labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")];
        OnnxExporter.Export(network, new() { Labels = labels }, folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 9);
        var images = _context.Data.LoadFromEnumerable(pixels.Chunk(144).Select(values => new Image { Pixels = values }).ToList());

        using var transformer = _context.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"], batchSize: 4).Fit(images);
        var predicted = transformer.Transform(images).GetColumn<uint>("PredictedLabel").ToArray();

        var expected = RandomNetwork
            .Logits(network, pixels)
            .Chunk(10)
            .Select(logits => (uint)Array.IndexOf(logits, logits.Max()) + 1)
            .ToArray();
        CollectionAssert.AreEqual(expected, predicted);
        Assert.AreEqual("Gray8", transformer.Metadata["Image.BitmapPixelFormat"]);
    }

    [TestMethod]
    public void Missing_values_stay_in_their_row()
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), Rows(3));
        var rows = _context.Data.LoadFromEnumerable(
            new List<Row>
            {
                new() { Values = [1, 2, 3] },
                new() { Values = [float.NaN, 2, 3] },
                new() { Values = [3, 2, 1] },
            }
        );

        var view = transformer.Transform(rows);

        // 0 is ML.NET's missing key.
        CollectionAssert.AreEqual(new uint[] { 3, 0, 1 }, view.GetColumn<uint>("PredictedLabel").ToArray());
        CollectionAssert.AreEqual(new[] { float.NaN, 5, 7 }, view.GetColumn<float[]>("Score").ElementAt(1));
    }

    [TestMethod]
    public void Prediction_engine_scores_single_rows()
    {
        using var folder = new TemporaryFolder();
        var transformer = Fit(folder, ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), Rows(3));
        using var engine = _context.Model.CreatePredictionEngine<Row, Prediction>(transformer);

        Assert.IsTrue(transformer.IsRowToRowMapper);
        CollectionAssert.AreEqual(new[] { 3f, 5f, 7f }, engine.Predict(new() { Values = [1, 2, 3] }).Score);
        Assert.AreEqual(1u, engine.Predict(new() { Values = [9, 2, 3] }).PredictedLabel);
    }

    [TestMethod]
    public void Model_of_fixed_batch_size_scores_any_number_of_rows()
    {
        using var folder = new TemporaryFolder();
        using var transformer = Fit(folder, ForeignModel.AffineOfFixedBatch(4), Rows(10), batchSize: 64);

        Assert.AreEqual(4, transformer.Setting.BatchSize);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 10).Select(row => 2f * row + 1).ToArray(),
            Read(transformer.Transform(Rows(10))).Select(row => row.Score[0]).ToArray()
        );
    }

    [TestMethod]
    public void Model_of_open_image_size_takes_the_size_of_the_column()
    {
        using var folder = new TemporaryFolder();
        var path = ForeignModel.Write(ForeignModel.PoolingOfAnySize(), folder["model.onnx"]);
        var images = _context.Data.LoadFromEnumerable(
            new List<Image>
            {
                new() { Pixels = [.. Enumerable.Repeat(5f, 144)] },
                new() { Pixels = [.. Enumerable.Repeat(7f, 144)] },
            }
        );

        var estimator = _context.Scoring.OnnxBatch("Mean", "Pixels", path);
        using var transformer = estimator.Fit(images);

        CollectionAssert.AreEqual(new[] { -1, -1, -1 }, estimator.InputDimensions.ToArray());
        var view = transformer.Transform(images);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1), view.Schema["Mean"].Type);
        CollectionAssert.AreEqual(new[] { 5f, 7f }, view.GetColumn<float[]>("Mean").Select(mean => mean[0]).ToArray());
    }

    [TestMethod]
    public void Flat_column_feeds_an_image_input_of_as_many_values()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 2);
        var flat = _context.Data.LoadFromEnumerable(pixels.Chunk(144).Select(values => new FlatImage { Pixels = values }).ToList());

        using var transformer = _context.Scoring.OnnxBatch("Logits", "Pixels", folder["model.onnx"], output: "Logits").Fit(flat);

        Assert.AreEqual(
            RandomNetwork.Logits(network, pixels)[10],
            transformer.Transform(flat).GetColumn<float[]>("Logits").ElementAt(1)[0],
            1e-4f
        );
    }

    [TestMethod]
    public void Unasked_column_costs_no_run()
    {
        using var folder = new TemporaryFolder();
        var transformer = Fit(folder, ForeignModel.Affine(), Rows(3));
        var view = transformer.Transform(Rows(3));
        transformer.Dispose();

        CollectionAssert.AreEqual(new[] { "row 0", "row 1", "row 2" }, view.GetColumn<string>("Id").ToArray());
        Assert.ThrowsExactly<ObjectDisposedException>(() => view.GetColumn<float[]>("Score").ToArray());
    }

    OnnxBatchTransformer Fit(TemporaryFolder folder, ModelProto model, IDataView data, int batchSize = 64) =>
        _context.Scoring.OnnxBatch("Score", "Values", ForeignModel.Write(model, folder["model.onnx"]), batchSize: batchSize).Fit(data);

    IDataView Rows(int count) =>
        _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, count).Select(row => new Row { Id = $"row {row}", Values = [row, row + 0.25f, row + 0.5f] }).ToList()
        );

    List<Scored> Read(IDataView view) => [.. _context.Data.CreateEnumerable<Scored>(view, reuseRowObject: false)];

    sealed class Row
    {
        public string Id { get; set; } = "";

        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    sealed class Scored
    {
        public string Id { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    sealed class Image
    {
        [VectorType(1, 12, 12)]
        public float[] Pixels { get; set; } = [];
    }

    sealed class FlatImage
    {
        [VectorType(144)]
        public float[] Pixels { get; set; } = [];
    }
}
