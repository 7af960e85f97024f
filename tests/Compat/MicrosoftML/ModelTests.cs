using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class ModelTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Labelled
    {
        public string Name { get; set; } = "";
    }

    private sealed class Answer
    {
        public string Back { get; set; } = "";

        public float Twice { get; set; }

        public uint Key { get; set; }
    }

    private sealed class Given
    {
        public float X { get; set; }
    }

    private sealed class Made
    {
        public float Twice { get; set; }
    }

    [CustomMappingFactoryAttribute("twice")]
    private sealed class TwiceFactory : CustomMappingFactory<Given, Made>
    {
        public static void Map(Given given, Made made) => made.Twice = 2 * given.X;

        public override Action<Given, Made> GetMapping() => Map;
    }

    private EstimatorChain<ColumnSelectingTransformer> Pipeline() => _ml.Transforms.Conversion.MapValueToKey("Key", "Name")
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
        .Append(_ml.Transforms.CustomMapping<Given, Made>(TwiceFactory.Map, "twice"))
        .Append(_ml.Transforms.Concatenate("All", "X", "Features"))
        .Append(_ml.Transforms.CopyColumns("Copy", "All"))
        .Append(_ml.Transforms.DropColumns("Features"));

    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema? schema, out DataViewSchema loadedSchema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out loadedSchema);
    }

    [TestMethod]
    public void A_saved_chain_does_the_same_after_loading()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(4));
        var model = Pipeline().Fit(view);
        var loaded = SaveAndLoad(model, view.Schema, out var schema);

        CollectionAssert.AreEqual(model.Transform(view).Schema.Select(c => c.ToString()).ToList(),
            loaded.Transform(view).Schema.Select(c => c.ToString()).ToList());
        CollectionAssert.AreEqual(new[] { "n0", "n1", "n2", "n0" }, loaded.Transform(view).GetColumn<string>("Back").ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 2, 4, 6 }, loaded.Transform(view).GetColumn<float>("Twice").ToArray());
        CollectionAssert.AreEqual(new float[] { 3, 3, 30, 300 }, loaded.Transform(view).Vectors("Copy")[3]);
        CollectionAssert.AreEqual(view.Schema.Select(c => c.ToString()).ToList(), schema.Select(c => c.ToString()).ToList());
    }

    [TestMethod]
    public void Scopes_and_images_survive_saving()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(1));
        var model = _ml.Transforms.CopyColumns("A", "X").Append(_ml.Transforms.CopyColumns("B", "X"), TransformerScope.Training)
            .Append(_ml.Transforms.LoadImages("Image", Path.GetTempPath(), "Name"))
            .Append(_ml.Transforms.ResizeImages("Image", 5, 4, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(_ml.Transforms.ConvertToGrayscale("Image"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true))
            .Append(_ml.Transforms.ConvertToImage(4, 5, "Again", "Pixels", interleavedColors: true))
            .Append(_ml.Transforms.SelectColumns("A", "Pixels", "Again")).Fit(view);
        var loaded = SaveAndLoad(model, view.Schema, out _);

        Assert.IsNull(loaded.GetOutputSchema(view.Schema).GetColumnOrNull("B"));
        Assert.AreEqual("A: Single; Pixels: Vector<Single, 4, 5, 3>; Again: Image<4, 5>",
            string.Join("; ", loaded.GetOutputSchema(view.Schema)));
    }

    [TestMethod]
    public void A_model_file_keeps_the_annotations_of_its_input()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(view).Transform(view);
        SaveAndLoad(_ml.Transforms.Conversion.MapKeyToValue("Key").Fit(keyed), keyed.Schema, out var schema);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Key"].GetKeyValues(ref names);

        Assert.AreEqual("n0 n1 n2", string.Join(" ", names.DenseValues()));
    }

    [TestMethod]
    public void A_mapping_without_a_contract_and_a_foreign_transformer_cannot_be_saved()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(1));
        var unnamed = _ml.Transforms.CustomMapping<Given, Made>(TwiceFactory.Map, null).Fit(view);

        Assert.Throws<Exception>(() => _ml.Model.Save(unnamed, view.Schema, new MemoryStream()));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            _ml.Model.Save(new Foreign(null), view.Schema, new MemoryStream()));
        StringAssert.Contains(error.Message, "ModelSignature not specified!");
    }

    [TestMethod]
    public void A_foreign_transformer_that_delegates_is_loaded_as_what_it_delegates_to()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(1));
        var foreign = new Foreign(_ml.Transforms.CopyColumns("Copy", "X").Fit(view));
        var loaded = SaveAndLoad(new TransformerChain<ITransformer>(foreign), view.Schema, out _);

        Assert.IsInstanceOfType<ColumnCopyingTransformer>(((TransformerChain<ITransformer>)loaded).LastTransformer);
    }

    [TestMethod]
    public void Loading_what_is_no_model_is_refused()
    {
        Assert.Throws<Exception>(() => _ml.Model.Load(new MemoryStream([1, 2, 3]), out _));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        _ml.Model.Save(Pipeline().Fit(view), view.Schema, path);
        var bytes = File.ReadAllBytes(path);
        Assert.IsNotNull(_ml.Model.Load(path, out _));
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<Exception>(() => _ml.Model.Load(path, out _));
        File.Delete(path);
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Model.Load(path, out _));
    }

    [TestMethod]
    public void A_prediction_engine_answers_row_by_row()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));
        using var engine = _ml.Model.CreatePredictionEngine<Point, Answer>(Pipeline().Fit(view));

        var second = engine.Predict(new Point { X = 1, Name = "n1" });
        Assert.AreEqual("n1", second.Back);
        Assert.AreEqual(2f, second.Twice);
        // Keys come back as they are in the column: from 1.
        Assert.AreEqual(2u, second.Key);
        Assert.AreEqual(14f, engine.Predict(new Point { X = 7, Name = "n0" }).Twice);
        Assert.AreEqual(0u, engine.Predict(new Point { X = 7, Name = "unseen" }).Key);
        Assert.IsNotNull(engine.OutputSchema.GetColumnOrNull("Copy"));
    }

    [TestMethod]
    public void An_engine_owns_its_model_unless_told_otherwise()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(1));
        var owned = new Foreign(_ml.Transforms.CopyColumns("Copy", "X").Fit(view));
        var lent = new Foreign(_ml.Transforms.CopyColumns("Copy", "X").Fit(view));
        _ml.Model.CreatePredictionEngine<Point, Answer>(new TransformerChain<ITransformer>(owned)).Dispose();
        _ml.Model.CreatePredictionEngine<Point, Answer>(new TransformerChain<ITransformer>(lent),
            new PredictionEngineOptions { OwnsTransformer = false }).Dispose();

        Assert.IsTrue(owned.Disposed);
        Assert.IsFalse(lent.Disposed);
    }

    [TestMethod]
    public void What_is_no_row_mapper_has_no_engine() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Point, Answer>(new Foreign(null)));

    /// <summary>A transformer of somebody else's around a built-in one, or around none.</summary>
    private sealed class Foreign(ITransformer? inner) : ITransformer, IDisposable
    {
        public bool Disposed { get; private set; }

        public bool IsRowToRowMapper => inner is not null;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner?.GetOutputSchema(inputSchema) ?? inputSchema;

        public IDataView Transform(IDataView input) => inner?.Transform(input) ?? input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner!.GetRowToRowMapper(inputSchema);

        public void Dispose() => Disposed = true;

        void ICanSaveModel.Save(ModelSaveContext ctx) => inner?.Save(ctx);
    }
}
