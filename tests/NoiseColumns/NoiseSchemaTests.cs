using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

[TestClass]
public class NoiseSchemaTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_column_keeps_its_type_and_says_what_noise_is_on_it()
    {
        var data = Sample.View(_ml, 2);
        var model = _ml.Noise.LinearTransform("Noisy", "Pixels", axis: MixAxis.Batch, scope: NoiseScope.Always).Fit(data);
        var column = model.GetOutputSchema(data.Schema)["Noisy"];
        Assert.AreEqual(data.Schema["Pixels"].Type, column.Type);
        Assert.AreEqual("circular-shift", Text(column, NoiseAnnotations.Noise));
        Assert.AreEqual("Always", Text(column, NoiseAnnotations.Scope));
        var transductive = false;
        column.Annotations.GetValue(NoiseAnnotations.IsTransductive, ref transductive);
        Assert.IsTrue(transductive);
        Assert.AreEqual(column.Type, model.Transform(data).Schema["Noisy"].Type);
        Assert.AreEqual(0, data.Schema["Pixels"].Annotations.Schema.Count, "the input itself is unchanged");
    }

    [TestMethod]
    public void In_place_the_new_column_hides_the_old_one()
    {
        var data = Sample.View(_ml, 2);
        var schema = _ml.Noise.Gaussian("Pixels", 1).Fit(data).Transform(data).Schema;
        Assert.AreEqual(data.Schema.Count + 1, schema.Count);
        Assert.IsTrue(schema[data.Schema["Pixels"].Index].IsHidden);
        Assert.AreEqual(data.Schema.Count, schema["Pixels"].Index);
    }

    [TestMethod]
    public void Noises_one_after_another_are_all_listed()
    {
        var data = Sample.View(_ml, 2);
        var model = _ml
            .Noise.OptimalMixing("Pixels", axis: MixAxis.Batch)
            .Append(_ml.Noise.Gaussian("Pixels", 1, scope: NoiseScope.Always))
            .Fit(data);
        var column = model.GetOutputSchema(data.Schema)["Pixels"];
        Assert.AreEqual("optimal-mixing, gaussian", Text(column, NoiseAnnotations.Noise));
        Assert.AreEqual("Training, Always", Text(column, NoiseAnnotations.Scope));
        var transductive = false;
        column.Annotations.GetValue(NoiseAnnotations.IsTransductive, ref transductive);
        Assert.IsTrue(transductive, "what was mixed across rows stays so");
    }

    [TestMethod]
    [DataRow("Missing", "'Missing'")]
    [DataRow("Doubles", "Vector<Single>")]
    [DataRow("Number", "Vector<Single>")]
    [DataRow("Label", "Vector<Single>")]
    public void A_column_that_cannot_take_noise_is_refused_by_name_and_type(string column, string told)
    {
        var data = Sample.View(_ml, 2);
        var estimator = _ml.Noise.Gaussian("Noisy", 1, column);
        foreach (
            var error in new[]
            {
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data)),
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Shapes.Of(_ml, data.Schema))),
            }
        )
        {
            StringAssert.Contains(error.Message, $"'{column}'");
            StringAssert.Contains(error.Message, told);
        }
    }

    [TestMethod]
    public void A_column_without_the_axis_is_refused_by_name_shape_and_axis()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Noise.LinearTransform("Tokens", axis: MixAxis.SpatialRows).Fit(Sample.View(_ml, 2))
        );
        StringAssert.Contains(error.Message, "'Tokens'");
        StringAssert.Contains(error.Message, "[3, 4]");
        StringAssert.Contains(error.Message, "SpatialRows");
    }

    [TestMethod]
    public void A_mixing_that_is_singular_over_the_columns_axis_is_refused_with_the_column()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            _ml.Noise.LinearTransform("Pixels", strength: 0.5).Fit(Sample.View(_ml, 2))
        );
        StringAssert.Contains(error.Message, "'Pixels'");
        StringAssert.Contains(error.Message, "4 pixel rows");
    }

    [TestMethod]
    public void A_value_that_is_not_finite_is_an_error_that_names_column_and_row()
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity })
        {
            var rows = Sample.Array(5);
            rows[2].Pixels[19] = value;
            var data = _ml.Data.LoadFromEnumerable(rows);
            var noisy = _ml.Noise.Gaussian("Pixels", 1).Fit(data).Transform(data);
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Vectors.Read(noisy, "Pixels"));
            StringAssert.Contains(error.Message, "'Pixels'");
            StringAssert.Contains(error.Message, "element 19 of row 2");
        }
    }

    [TestMethod]
    public void Options_are_checked_and_copied()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Noise.Add(new NoiseEstimator.Options()));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Noise.Gaussian("", 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Noise.OptimalMixing("Pixels", axis: MixAxis.Batch, batchSize: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Noise.Gaussian("Pixels", 1, scope: (NoiseScope)5));

        var options = new NoiseEstimator.Options { OutputColumnName = "Pixels", Noise = new GaussianNoise(1) };
        var estimator = _ml.Noise.Add(options);
        options.OutputColumnName = "Missing";
        Assert.AreEqual("Pixels", estimator.Fit(Sample.View(_ml, 2)).Columns.Single().OutputColumnName);
    }

    static string Text(DataViewSchema.Column column, string kind)
    {
        var text = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }
}
