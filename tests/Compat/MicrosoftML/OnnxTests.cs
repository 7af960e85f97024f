using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class OnnxTests
{
    private readonly MLContext _ml = new(1);
    private string _file = "";

    private sealed class Input
    {
        [VectorType(3)]
        public float[] X { get; set; } = [];
    }

    private sealed class Free
    {
        public float[] X { get; set; } = [];
    }

    private sealed class Output
    {
        public float[] Y { get; set; } = [];
    }

    [TestInitialize]
    public void Write_a_model()
    {
        _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(_file, TinyOnnx.Doubling("N", "3"));
    }

    [TestCleanup]
    public void Delete_the_model() => File.Delete(_file);

    private IDataView Rows() => _ml.Data.LoadFromEnumerable(new List<Input> { new() { X = [1, 2, 3] }, new() { X = [4, 5, 6] } });

    [TestMethod]
    public void A_model_is_applied_row_by_row_and_its_batch_is_one()
    {
        var view = Rows();
        using var model = _ml.Transforms.ApplyOnnxModel(_file).Fit(view);
        var result = model.Transform(view);

        Assert.AreEqual("Vector<Single, 1, 3>", result.Schema["Y"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 8, 10, 12 }, result.Vectors("Y")[1]);
        CollectionAssert.AreEqual(new float[] { 2, 4, 6 }, result.Vectors("Y")[0]);
    }

    [TestMethod]
    public void A_model_comes_from_a_stream_or_by_options()
    {
        var view = Rows();
        using var stream = new MemoryStream(TinyOnnx.Doubling("N", "3"));
        using var streamed = _ml.Transforms.ApplyOnnxModel("Y", "X", stream).Fit(view);
        using var chosen = _ml.Transforms.ApplyOnnxModel(
            new OnnxOptions { ModelFile = _file, InputColumns = ["X"], OutputColumns = ["Y"], IntraOpNumThreads = 1 }).Fit(view);

        CollectionAssert.AreEqual(new float[] { 8, 10, 12 }, streamed.Transform(view).Vectors("Y")[1]);
        CollectionAssert.AreEqual(new float[] { 8, 10, 12 }, chosen.Transform(view).Vectors("Y")[1]);
    }

    [TestMethod]
    public void A_dimension_that_the_model_leaves_open_is_what_the_vector_has()
    {
        File.WriteAllBytes(_file, TinyOnnx.Doubling("1", "M"));
        var view = _ml.Data.LoadFromEnumerable(new List<Free> { new() { X = [1, 2] }, new() { X = [1, 2, 3, 4] } });
        using var model = _ml.Transforms.ApplyOnnxModel(_file).Fit(view);

        Assert.AreEqual("Vector<Single>", model.GetOutputSchema(view.Schema)["Y"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 2, 4, 6, 8 }, model.Transform(view).Vectors("Y")[1]);

        var known = Rows();
        var shapes = new Dictionary<string, int[]> { ["X"] = [1, 3], ["Y"] = [1, 3] };
        using var shaped = _ml.Transforms.ApplyOnnxModel(["Y"], ["X"], _file, shapes, recursionLimit: 100).Fit(known);
        Assert.AreEqual("Vector<Single, 1, 3>", shaped.GetOutputSchema(known.Schema)["Y"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 8, 10, 12 }, shaped.Transform(known).Vectors("Y")[1]);
    }

    [TestMethod]
    public void A_saved_chain_carries_the_model_in_itself()
    {
        var view = Rows();
        var chain = _ml.Transforms.ApplyOnnxModel(_file).Append(_ml.Transforms.CopyColumns("Copy", "Y")).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(chain, view.Schema, stream);
        chain.Dispose();
        File.Delete(_file);
        stream.Position = 0;
        var other = new MLContext();
        var loaded = other.Model.Load(stream, out _);

        CollectionAssert.AreEqual(new float[] { 8, 10, 12 }, loaded.Transform(view).Vectors("Copy")[1]);
        using var engine = other.Model.CreatePredictionEngine<Input, Output>(loaded);
        CollectionAssert.AreEqual(new float[] { 14, 16, 18 }, engine.Predict(new Input { X = [7, 8, 9] }).Y);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_before_any_row_is_read()
    {
        var points = _ml.Data.LoadFromEnumerable(Point.Some(1));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel("Z", "X", _file));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.ApplyOnnxModel(_file).Fit(_ml.Data.LoadFromEnumerable(new List<Output>())));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(_file).Fit(points));
        Assert.Throws<IOException>(() => _ml.Transforms.ApplyOnnxModel("no such file.onnx"));
        File.WriteAllBytes(_file, TinyOnnx.Doubling("N", "3")[..40]);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(_file));
    }
}
