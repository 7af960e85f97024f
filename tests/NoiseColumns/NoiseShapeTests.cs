using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>What an estimator promises of its output before it has seen data is exactly what its transformer keeps.</summary>
[TestClass]
public class NoiseShapeTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Promised_and_kept_agree_for_every_kind_of_column_and_every_option()
    {
        var vectors = Sample.View(_ml, 3);
        var (knownImages, anyImages) = (Pictures.View(_ml, 3), Pictures.AnySize(Pictures.Make(0, 4, 5)));
        var named = _ml.Transforms.Concatenate("Features", "A", "B").Fit(Scalars()).Transform(Scalars());
        Check(named, On("Features"));
        Check(named, On("Noisy", "Features"));
        Check(vectors, On("Pixels"));
        Check(vectors, On("AnySize"));
        Check(vectors, On("Noisy", "AnySize", rowProbability: 0.5));
        Check(vectors, On("Pixels", noise: new OptimalMixingNoise(MixAxis.Batch)));
        Check(vectors, On("Pixels", scope: NoiseScope.Always, rowProbability: 0.25));
        Check(knownImages, On("Image"));
        Check(knownImages, On("Noisy", "Image", rowProbability: 0.25));
        Check(anyImages, On("Image", noise: new CircularShiftNoise(0.3)));
        Check(
            vectors,
            new NoiseEstimator.Options
            {
                Columns = [new("Noisy", "Pixels"), new("Tokens"), new("AnySize")],
                Noise = new GaussianNoise(1),
                RowProbability = 0.5,
            }
        );
        Check(vectors, On("Pixels", rowProbability: 0.5), On("Pixels"));
        Check(vectors, On("Pixels"), On("Pixels", rowProbability: 0.5), On("Noisy", "Pixels"));
    }

    [TestMethod]
    public void The_transformers_schema_is_its_views_also_in_what_is_hidden()
    {
        var data = Sample.View(_ml, 3);
        foreach (var noise in new NoiseDefinition[] { new GaussianNoise(1), new OptimalMixingNoise(MixAxis.Batch) })
        {
            foreach (var scope in new[] { NoiseScope.Training, NoiseScope.Always })
            {
                var model = _ml.Noise.Add([new("Pixels"), new("Noisy", "Tokens")], noise, scope).Fit(data);
                foreach (var view in new[] { data, Sample.View(_ml, 1) })
                    CollectionAssert.AreEqual(Lines(model.GetOutputSchema(view.Schema)), Lines(model.Transform(view).Schema));
                if (model.IsRowToRowMapper)
                    CollectionAssert.AreEqual(
                        Lines(model.GetOutputSchema(data.Schema)),
                        Lines(model.GetRowToRowMapper(data.Schema).OutputSchema)
                    );
            }
        }
    }

    [TestMethod]
    public void What_cannot_be_known_from_types_is_refused_by_promise_and_fit_alike()
    {
        var data = Sample.View(_ml, 2);
        foreach (
            var options in new[]
            {
                On("AnySize", noise: new OptimalMixingNoise(MixAxis.Tokens)),
                On("AnySize", noise: new OptimalMixingNoise(MixAxis.Batch)),
                On("Number"),
                On("Doubles"),
                On("Label"),
                On("Missing"),
            }
        )
        {
            var estimator = _ml.Noise.Add(options);
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Shapes.Of(_ml, data.Schema)));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data));
        }
    }

    void Check(IDataView data, params NoiseEstimator.Options[] noises)
    {
        var promised = Shapes.Of(_ml, data.Schema);
        foreach (var options in noises)
        {
            var estimator = _ml.Noise.Add(options);
            promised = estimator.GetOutputSchema(promised);
            data = estimator.Fit(data).Transform(data);
        }
        Assert.AreEqual(Shapes.Described(Shapes.Of(_ml, data.Schema)), Shapes.Described(promised));
    }

    static NoiseEstimator.Options On(
        string output,
        string? input = null,
        NoiseDefinition? noise = null,
        NoiseScope scope = NoiseScope.Training,
        double rowProbability = 1
    ) =>
        new()
        {
            OutputColumnName = output,
            InputColumnName = input,
            Noise = noise ?? new GaussianNoise(1),
            Scope = scope,
            RowProbability = rowProbability,
        };

    IDataView Scalars() =>
        _ml.Data.LoadFromEnumerable(
            new[]
            {
                new Pair { A = 1, B = 2 },
            }
        );

    static string[] Lines(DataViewSchema schema) =>
        [
            .. schema.Select(column =>
                $"{column.Index} {column.Name} {column.Type} {column.IsHidden} "
                + string.Join(", ", column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type}"))
            ),
        ];

    public sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }
    }
}
