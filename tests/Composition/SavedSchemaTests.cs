using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary>What <c>Model.Save</c> wrote has the columns that were there before, in an application that knows only ML.NET.</summary>
[TestClass]
public sealed class SavedSchemaTests
{
    readonly PlantedImages _images = new();

    MLContext Context => _images.Context;

    [TestMethod]
    public void Scores_keys_and_texts_come_back_with_their_types_names_and_values()
    {
        var view = _images.TextView(20, seed: 3);
        var model = TextModel();
        var (before, after) = (model.Transform(view), Reload(model, view.Schema).Transform(view));

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), after.Schema["Score"].Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), after.Schema["PredictedLabel"].Type);
        Assert.AreEqual(TextDataViewType.Instance, after.Schema["Text"].Type);
        Assert.AreSequenceEqual(Visible(before), Visible(after));
        Assert.AreSequenceEqual(Texts(before.Schema["Score"], "SlotNames"), Texts(after.Schema["Score"], "SlotNames"));
        Assert.AreSequenceEqual(Texts(before.Schema["PredictedLabel"], "KeyValues"), Texts(after.Schema["PredictedLabel"], "KeyValues"));

        Assert.AreSequenceEqual(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
        Assert.AreSequenceEqual(before.GetColumn<string>("Text"), after.GetColumn<string>("Text"));
        Assert.HasCount(3, after.GetColumn<string>("Text").Distinct());
        AssertClose(before.GetColumn<float[]>("Score"), after.GetColumn<float[]>("Score"));
    }

    [TestMethod]
    public void A_prediction_engine_reads_the_same_class_before_and_after()
    {
        var view = _images.TextView(6, seed: 3);
        var model = TextModel();
        var fresh = new MLContext();
        using var before = Context.Model.CreatePredictionEngine<PlantedImages.Row, Prediction>(model);
        using var after = fresh.Model.CreatePredictionEngine<PlantedImages.Row, Prediction>(Reload(model, view.Schema, fresh));

        foreach (var row in PlantedImages.Rows(6, seed: 3))
        {
            var (first, second) = (before.Predict(row), after.Predict(row));
            Assert.AreEqual(row.Label, first.Text);
            Assert.AreEqual(first.Text, second.Text);
            Assert.AreEqual(first.PredictedLabel, second.PredictedLabel);
            AssertClose([first.Score], [second.Score]);
        }
    }

    [TestMethod]
    public void Metrics_of_a_loaded_model_name_the_classes()
    {
        var view = _images.TextView(30, seed: 3);
        var keyed = Context.Transforms.Conversion.MapValueToKey("Label").Fit(_images.TextView(3)).Transform(view);
        var loaded = Reload(Network(), keyed.Schema);

        var metrics = new MLContext().MulticlassClassification.Evaluate(loaded.Transform(keyed));

        Assert.AreEqual(1, metrics.MicroAccuracy);
        Assert.Contains("below", metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void Labels_that_are_numbers_stay_numbers()
    {
        var view = Context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 90).Select(index => new Point { Features = [index % 3 * 4f, 1], Label = index % 3 * 100 - 100 }).ToArray()
        );
        var model = Context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                Context.Vision.NoisyClassifier(
                    new NoisyClassifierTrainer.Options
                    {
                        MaxEpoch = 30,
                        LearningRate = 3e-2,
                        Seed = 1,
                        LogEverySteps = 0,
                    }
                )
            )
            .Append(Context.Transforms.Conversion.MapKeyToValue("Number", "PredictedLabel"))
            .Fit(view);

        var after = Reload(model, view.Schema).Transform(view);

        Assert.AreEqual(NumberDataViewType.Int32, after.Schema["Number"].Type);
        Assert.AreSequenceEqual(view.GetColumn<int>("Label"), after.GetColumn<int>("Number"));
    }

    [TestMethod]
    [DataRow("Score", "PredictedLabel")]
    [DataRow("Probabilities", "Class")]
    [DataRow("PredictedLabel", "Score")]
    [DataRow("Probabilities", "Score")]
    public void Columns_of_any_names_come_back_and_others_are_not_lost(string score, string key)
    {
        var options = _images.Options(epochs: 1);
        (options.ScoreColumnName, options.PredictedLabelColumnName) = (score, key);
        var view = Context.Transforms.CopyColumns("Score", "Label").Fit(_images.View(30)).Transform(_images.View(30));
        var model = Context.Vision.NoisyViT(options).Fit(view);

        var (before, after) = (model.Transform(view), Reload(model, view.Schema).Transform(view));

        Assert.AreSequenceEqual(Visible(before), Visible(after));
        AssertClose(before.GetColumn<float[]>(score), after.GetColumn<float[]>(score));
        Assert.AreSequenceEqual(before.GetColumn<uint>(key), after.GetColumn<uint>(key));
        if (score != "Score" && key != "Score")
            Assert.AreSequenceEqual(view.GetColumn<uint>("Label"), after.GetColumn<uint>("Score"));
    }

    [TestMethod]
    public void A_row_without_a_finite_score_has_no_class_before_and_after()
    {
        var model = Network();
        var rows = PlantedImages.Rows(3);
        rows[1].Pixels[5] = float.NaN;
        var view = _images.View(rows);

        var (before, after) = (model.Transform(view), Reload(model, view.Schema).Transform(view));

        Assert.AreEqual(0u, before.GetColumn<uint>("PredictedLabel").ElementAt(1));
        Assert.AreSequenceEqual(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
    }

    [TestMethod]
    public void A_model_of_three_hundred_classes_is_saved()
    {
        var labels = Enumerable.Range(0, 300).Select(index => $"class {index}").ToArray();
        var random = new Random(1);
        var view = Context.Data.LoadFromEnumerable(
            labels.Select(label => new NamedPoint { Features = [random.NextSingle(), random.NextSingle()], Label = label }).ToArray()
        );
        var model = Context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                Context.Vision.NoisyClassifier(
                    new NoisyClassifierTrainer.Options
                    {
                        MaxEpoch = 2,
                        Seed = 1,
                        LogEverySteps = 0,
                    }
                )
            )
            .Fit(view);

        var (before, after) = (model.Transform(view), Reload(model, view.Schema).Transform(view));

        Assert.AreSequenceEqual(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 300), after.Schema["PredictedLabel"].Type);
    }

    NetworkTransformer Network() => Context.Vision.NoisyViT(_images.Options(epochs: 12)).Fit(_images.View(120));

    ITransformer TextModel() =>
        Context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(Context.Vision.NoisyViT(_images.Options(epochs: 12)))
            .Append(Context.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel"))
            .Fit(_images.TextView(120));

    ITransformer Reload(ITransformer model, DataViewSchema schema, MLContext? fresh = null)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return (fresh ?? new MLContext()).Model.Load(stream, out _);
    }

    static string[] Visible(IDataView view) =>
        [.. view.Schema.Where(column => !column.IsHidden).Select(column => $"{column.Name}: {column.Type}").Order(StringComparer.Ordinal)];

    static string[] Texts(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> texts = default;
        column.Annotations.GetValue(kind, ref texts);
        return [.. texts.DenseValues().Select(text => $"{text}")];
    }

    static void AssertClose(IEnumerable<float[]> expected, IEnumerable<float[]> actual)
    {
        foreach (var (first, second) in expected.Zip(actual))
        {
            Assert.HasCount(first.Length, second);
            for (var index = 0; index < first.Length; index++)
                Assert.AreEqual(first[index], second[index], 1e-5f);
        }
    }

    sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public string Text { get; set; } = "";
    }

    sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }

    sealed class NamedPoint
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
