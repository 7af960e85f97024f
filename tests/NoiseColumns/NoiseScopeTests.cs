using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

[TestClass]
public class NoiseScopeTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Training_noise_acts_on_the_view_that_it_was_fitted_on_and_on_no_other()
    {
        var train = Sample.View(_ml, 8);
        var model = _ml.Noise.Gaussian("Pixels", standardDeviation: 5).Fit(train);
        AssertDiffer(Vectors.Read(train, "Pixels"), Vectors.Read(model.Transform(train), "Pixels"));
        var same = Sample.View(_ml, 8);
        AssertSame(Vectors.Read(same, "Pixels"), Vectors.Read(model.Transform(same), "Pixels"));
    }

    [TestMethod]
    public void In_a_pipeline_the_next_estimator_is_fitted_on_noisy_data_and_new_data_stay_clean()
    {
        var train = Sample.View(_ml, 8);
        var next = new Witness("Pixels");
        var model = _ml
            .Transforms.CopyColumns("Copy", "Label")
            .Append(_ml.Noise.LinearTransform("Pixels", strength: 0.3, axis: MixAxis.SpatialRows))
            .Append(next)
            .Fit(train);
        AssertDiffer(Vectors.Read(train, "Pixels"), next.Seen);
        AssertSame(Vectors.Read(train, "Pixels"), Vectors.Read(model.Transform(train), "Pixels"));
    }

    [TestMethod]
    public void Noise_that_is_always_on_acts_on_every_view()
    {
        var model = _ml.Noise.SaltAndPepper("Pixels", probability: 0.5, scope: NoiseScope.Always, seed: 4).Fit(Sample.View(_ml, 2));
        var other = Sample.View(_ml, 30);
        AssertDiffer(Vectors.Read(other, "Pixels"), Vectors.Read(model.Transform(other), "Pixels"));
    }

    [TestMethod]
    public void Saved_training_noise_loads_as_the_identity_without_this_library()
    {
        var train = Sample.View(_ml, 4);
        foreach (var (output, input) in new[] { ("Pixels", null), ("Noisy", "Pixels") })
        {
            var model = _ml.Noise.Gaussian(output, 5, input).Append(_ml.Transforms.CopyColumns("Copy", "Label")).Fit(train);
            using var stream = new MemoryStream();
            _ml.Model.Save(model, train.Schema, stream);
            stream.Position = 0;
            var loaded = new MLContext().Model.Load(stream, out _);
            AssertSame(Vectors.Read(train, "Pixels"), Vectors.Read(loaded.Transform(train), output));
        }
    }

    [TestMethod]
    public void Noise_that_is_always_on_says_that_it_cannot_be_saved_and_what_can()
    {
        var train = Sample.View(_ml, 4);
        var model = _ml.Noise.Gaussian("Pixels", 5, scope: NoiseScope.Always).Fit(train);
        var error = Assert.Throws<Exception>(() => _ml.Model.Save(model, train.Schema, new MemoryStream()));
        var told = error as NotSupportedException ?? error.InnerException as NotSupportedException;
        Assert.IsNotNull(told, error.ToString());
        StringAssert.Contains(told.Message, "'Pixels'");
        StringAssert.Contains(told.Message, "NoiseScope.Training");
    }

    [TestMethod]
    public void Always_on_noise_in_the_training_part_of_a_pipeline_is_left_out_of_the_scoring_part()
    {
        var train = Sample.View(_ml, 4);
        var model = _ml
            .Transforms.CopyColumns("Copy", "Label")
            .Append(_ml.Noise.Gaussian("Pixels", standardDeviation: 5, scope: NoiseScope.Always), TransformerScope.Training)
            .Append(_ml.Transforms.CopyColumns("Copy2", "Label"))
            .Fit(train);
        var scoring = model.GetModelFor(TransformerScope.Scoring);
        AssertSame(Vectors.Read(train, "Pixels"), Vectors.Read(scoring.Transform(train), "Pixels"));
        _ml.Model.Save(scoring, train.Schema, new MemoryStream());
    }

    [TestMethod]
    public void Single_rows_pass_training_noise_unchanged_and_get_noise_that_is_always_on()
    {
        var train = Sample.View(_ml, 4);
        var row = new Point { Values = [1, 2, 3] };
        var view = _ml.Data.LoadFromEnumerable(new[] { row });
        using var clean = _ml.Model.CreatePredictionEngine<Point, Point>(_ml.Noise.Gaussian("Values", standardDeviation: 1).Fit(view));
        CollectionAssert.AreEqual(row.Values, clean.Predict(row).Values);
        using var noisy = _ml.Model.CreatePredictionEngine<Point, Point>(
            _ml.Noise.Gaussian("Values", standardDeviation: 1, scope: NoiseScope.Always).Fit(view)
        );
        var (first, second) = (noisy.Predict(row).Values, noisy.Predict(row).Values);
        CollectionAssert.AreNotEqual(row.Values, first);
        CollectionAssert.AreNotEqual(first, second, "each prediction is a row of its own");
    }

    static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (var row = 0; row < expected.Length; row++)
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
    }

    static void AssertDiffer(float[][] clean, float[][] noisy)
    {
        Assert.AreEqual(clean.Length, noisy.Length);
        for (var row = 0; row < clean.Length; row++)
            CollectionAssert.AreNotEqual(clean[row], noisy[row], $"row {row}");
    }

    public sealed class Point
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    /// <summary>An estimator that keeps what it was fitted on and does nothing.</summary>
    sealed class Witness(string column) : IEstimator<ITransformer>
    {
        public float[][] Seen { get; private set; } = [];

        public ITransformer Fit(IDataView input)
        {
            Seen = Vectors.Read(input, column);
            return new MLContext().Transforms.CopyColumns(column, column).Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
