using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;

namespace NoisyNN.Tests.Training;

[TestClass]
public class NoisyViTTrainerTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void A_planted_problem_is_learnt_and_ML_NET_evaluates_the_scores()
    {
        var options = _images.Options(epochs: 6);
        options.ValidationSet = _images.View(60, seed: 2);
        using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(300));

        Assert.IsGreaterThan(0.95, model.Training.ValidationAccuracy!.Value);
        Assert.AreSequenceEqual(PlantedImages.Labels, model.Labels);
        Assert.HasCount(6, model.Training.Epochs);
        Assert.AreEqual(6 * 19, model.Training.Steps);
        Assert.IsFalse(model.Training.Interrupted);
        Assert.AreEqual("cpu", model.Training.Device);

        var test = _images.View(90, seed: 3);
        var metrics = _images.Context.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.IsLessThan(0.6, metrics.LogLoss);
    }

    [TestMethod]
    public void The_kept_epoch_is_the_best_on_validation_rows_measured_without_noise()
    {
        var options = _images.Options(epochs: 4);
        options.ValidationSet = _images.View(45, seed: 2);
        options.LatentNoise = new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.BeforeHead, AtInference: true);
        using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(120));

        var best = model.Training.Epochs.MaxBy(epoch => (epoch.ValidationAccuracy, -epoch.ValidationLoss))!;
        Assert.AreEqual(best.Epoch, model.Training.BestEpoch);
        Assert.AreEqual(best.ValidationAccuracy, model.Training.ValidationAccuracy);

        Assert.AreEqual(options.LatentNoise, model.Network.LatentNoise);
        model.Network.SetLatentNoise(null);
        var clean = _images.Context.MulticlassClassification.Evaluate(model.Transform(options.ValidationSet));
        Assert.AreEqual(best.ValidationAccuracy!.Value, clean.MicroAccuracy, 1e-9);
        Assert.AreEqual(best.ValidationLoss!.Value, clean.LogLoss, 1e-4);
    }

    [TestMethod]
    public void Scores_are_probabilities_with_names_and_the_prediction_is_a_key_that_maps_back()
    {
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 3)).Fit(_images.View(120));
        var scored = model.Transform(_images.View(20, seed: 3));

        var score = scored.Schema["Score"];
        Assert.AreEqual(3, ((VectorDataViewType)score.Type).Size);
        Assert.AreSequenceEqual(PlantedImages.Labels, Texts(score, "SlotNames"));
        Assert.AreSequenceEqual(PlantedImages.Labels, Texts(score, "TrainingLabelValues"));
        Assert.AreEqual("Score", Text(score, "ScoreValueKind"));
        Assert.AreEqual("PredictedLabel", Text(scored.Schema["PredictedLabel"], "ScoreValueKind"));
        Assert.AreEqual("MulticlassClassification", Text(score, "ScoreColumnKind"));
        Assert.AreSequenceEqual(PlantedImages.Labels, Texts(scored.Schema["PredictedLabel"], "KeyValues"));

        var text = _images.Context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        var rows = _images.Context.Data.CreateEnumerable<Prediction>(text, reuseRowObject: false).ToArray();
        Assert.HasCount(20, rows);
        foreach (var row in rows)
        {
            Assert.AreEqual(1, row.Score.Sum(), 1e-5);
            Assert.AreEqual(PlantedImages.Labels[Array.IndexOf(row.Score, row.Score.Max())], row.PredictedLabel);
        }
    }

    [TestMethod]
    public void A_whole_pipeline_predicts_single_rows_as_it_scores_batches()
    {
        var context = _images.Context;
        var pipeline = context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Vision.NoisyViT(_images.Options(epochs: 3)))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(_images.TextView(120));
        Assert.AreSame(model.OfType<NetworkTransformer>().Single(), NetworkTransformer.FindIn(model));

        var batch = context
            .Data.CreateEnumerable<Prediction>(model.Transform(_images.TextView(20, seed: 3)), reuseRowObject: false)
            .ToArray();
        using var engine = context.Model.CreatePredictionEngine<PlantedImages.Row, Prediction>(model);
        var rows = PlantedImages.Rows(20, seed: 3);
        for (var index = 0; index < rows.Length; index++)
        {
            var prediction = engine.Predict(rows[index]);
            Assert.AreEqual(batch[index].PredictedLabel, prediction.PredictedLabel);
            for (var label = 0; label < 3; label++)
                Assert.AreEqual(batch[index].Score[label], prediction.Score[label], 1e-5);
        }
    }

    [TestMethod]
    public void The_schema_that_is_promised_before_training_is_the_schema_that_comes_out()
    {
        var trainer = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1));
        var train = _images.View(30);
        var promised = trainer.GetOutputSchema(Shape(train));
        using var model = trainer.Fit(train);
        var actual = model.GetOutputSchema(train.Schema);
        Assert.AreSequenceEqual(model.Transform(train).Schema.Select(column => column.Name), actual.Select(column => column.Name));
        foreach (var name in new[] { "Score", "PredictedLabel" })
        {
            var column = promised.Single(column => column.Name == name);
            Assert.AreEqual(name == "Score" ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar, column.Kind);
            Assert.AreEqual(name == "PredictedLabel", column.IsKey);
            Assert.AreSequenceEqual(
                actual[name].Annotations.Schema.Select(annotation => annotation.Name).Order(),
                column.Annotations.Select(annotation => annotation.Name).Order()
            );
        }
    }

    [TestMethod]
    public void A_network_that_mixes_its_batch_is_no_row_mapper()
    {
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        Assert.IsTrue(model.IsRowToRowMapper);
        model.Network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyViT);
        Assert.IsFalse(model.IsRowToRowMapper);
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        var options = _images.Options(epochs: 1);
        options.InputNoise = new GaussianNoise(10);
        options.LatentNoise = new(new GaussianNoise(0.1), NoiseSite.BlockInput);
        var first = Weights(options);
        TorchSharp.torch.manual_seed(99);
        Assert.AreSequenceEqual(first, Weights(options));
        options.Seed = 8;
        Assert.IsFalse(first.SequenceEqual(Weights(options)));

        float[] Weights(NoisyViTTrainer.Options settings)
        {
            using var model = _images.Context.Vision.NoisyViT(settings).Fit(_images.View(60));
            return TrainedWeights.Of(model);
        }
    }

    [TestMethod]
    public void Two_threads_give_the_same_weights_each_time_and_nearly_those_of_one()
    {
        var options = _images.Options(epochs: 2);
        options.LatentNoise = new(new CircularShiftNoise(0.3, MixAxis.Tokens), NoiseSite.AttentionInput);
        options.ThreadCount = 2;
        var before = torch.get_num_threads();
        var first = Weights();
        for (var repetition = 0; repetition < 3; repetition++)
            Assert.AreSequenceEqual(first, Weights());
        options.ThreadCount = 1;
        Assert.IsLessThan(1e-3, first.Zip(Weights(), (two, one) => Math.Abs(two - one)).Max());
        Assert.AreEqual(before, torch.get_num_threads());

        float[] Weights()
        {
            using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(57));
            return TrainedWeights.Of(model);
        }
    }

    [TestMethod]
    public void Training_leaves_the_callers_generator_as_it_was()
    {
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        using var drawn = torch.rand(4);
        Assert.AreSequenceEqual(expected.data<float>().ToArray(), drawn.data<float>().ToArray());
    }

    [TestMethod]
    public void Progress_reaches_the_callback_the_log_and_the_metrics_file()
    {
        using var folder = new TemporaryFolder();
        var messages = new List<string>();
        _images.Context.Log += (_, message) => messages.Add(message.Message);
        var reports = new List<TrainingMetrics>();
        var options = _images.Options(epochs: 2);
        options.LogEverySteps = 2;
        options.WorkspacePath = folder.Path;
        options.MetricsCallback = reports.Add;
        options.ValidationSet = _images.View(30, seed: 2);
        using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(80));

        // Five steps an epoch: reports after the second and the fourth, and at the end.
        Assert.AreSequenceEqual([2L, 4, 5, 7, 9, 10], reports.Select(report => report.Step));
        Assert.AreSequenceEqual([false, false, true, false, false, true], reports.Select(report => report.EpochCompleted));
        Assert.IsTrue(reports.All(report => report.Loss > 0 && report.ImagesPerSecond > 0 && report.StepCount == 10));
        Assert.AreEqual(0, reports[^1].RemainingSeconds);
        Assert.HasCount(6, File.ReadAllLines(folder["metrics.jsonl"]));
        Assert.Contains("\"validationAccuracy\":", File.ReadAllLines(folder["metrics.jsonl"])[^1]);
        Assert.IsTrue(messages.Any(message => message.Contains("NoisyViTTrainer; Training") && message.Contains("Epoch 2 of 2: loss")));
    }

    [TestMethod]
    public void A_loss_that_is_no_number_stops_with_a_diagnosis_and_the_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var options = _images.Options();
        // At this rate a step turns the sign of every matrix and makes it 99 times as large.
        (options.LearningRate, options.WeightDecay, options.FinalLearningRateRatio) = (10, 10, 1);
        (options.MaxEpoch, options.WarmupEpochs, options.ClipNorm) = (20, 0, 0);
        options.WorkspacePath = folder.Path;
        options.CheckpointEverySteps = 1;
        var diverged = Assert.Throws<TrainingDivergedException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(60)));
        Assert.IsGreaterThanOrEqualTo(2, diverged.Step);
        Assert.AreEqual(10, diverged.LearningRate);
        Assert.AreNotEqual("", diverged.LargestWeight);
        Assert.Contains("gradient of ", string.Join(' ', diverged.NotFinite));
        Assert.Contains(diverged.NotFinite[0], diverged.Message);
        Assert.Contains("LearningRate", diverged.Message);
        Assert.IsTrue(File.Exists(diverged.Checkpoint));
    }

    [TestMethod]
    public void Without_a_seed_of_its_own_a_trainer_takes_the_contexts()
    {
        Assert.AreSequenceEqual(Weights(3), Weights(3));
        Assert.IsFalse(Weights(3).SequenceEqual(Weights(4)));

        float[] Weights(int contextSeed)
        {
            var images = new PlantedImages(contextSeed);
            var options = images.Options(epochs: 1);
            options.Seed = null;
            using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(30));
            return TrainedWeights.Of(model);
        }
    }

    [TestMethod]
    public void A_chain_saved_by_ML_NET_loads_where_only_ML_NET_is_known()
    {
        var options = _images.Options(epochs: 3);
        (options.ScoreColumnName, options.PredictedLabelColumnName) = ("Logits", "Class");
        var context = _images.Context;
        var model = context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Vision.NoisyViT(options))
            .Append(context.Transforms.Conversion.MapKeyToValue("Class"))
            .Fit(_images.TextView(120));
        using var folder = new TemporaryFolder();
        context.TempFilePath = folder.Path;
        using var stream = new MemoryStream();
        context.Model.Save(model, _images.TextView(3).Schema, stream);
        stream.Position = 0;
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));

        var fresh = new MLContext();
        var loaded = fresh.Model.Load(stream, out var schema);
        Assert.IsNotNull(schema.GetColumnOrNull("Pixels"));
        var rows = fresh.Data.LoadFromEnumerable(PlantedImages.Rows(20, seed: 3));
        var (expected, actual) = (model.Transform(rows), loaded.Transform(rows));
        var scores = expected.GetColumn<float[]>("Logits").Zip(actual.GetColumn<float[]>("Logits")).ToArray();
        Assert.HasCount(20, scores);
        Assert.IsLessThan(1e-5, scores.Max(pair => pair.First.Zip(pair.Second, (first, second) => Math.Abs(first - second)).Max()));
        Assert.AreEqual(Accuracy(context, expected), Accuracy(fresh, actual));
        Assert.AreSequenceEqual(expected.GetColumn<string>("Class"), actual.GetColumn<string>("Class"));
        (loaded as IDisposable)?.Dispose();

        static double Accuracy(MLContext context, IDataView scored) =>
            context.MulticlassClassification.Evaluate(scored, scoreColumnName: "Logits", predictedLabelColumnName: "Class").MicroAccuracy;
    }

    [TestMethod]
    public void A_network_with_noise_at_inference_is_not_saved_without_it()
    {
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        model.Network.SetLatentNoise(new(new GaussianNoise(1), NoiseSite.BeforeHead, AtInference: true));
        using var stream = new MemoryStream();
        Assert.Contains(
            "noise at inference",
            Assert.Throws<NotSupportedException>(() => _images.Context.Model.Save(model, _images.View(3).Schema, stream)).Message
        );
    }

    [TestMethod]
    public void A_view_that_does_not_fit_the_network_is_refused_before_any_row_is_read()
    {
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        var context = _images.Context;
        var small = context.Data.LoadFromEnumerable([new Flat { Pixels = new float[9] }]);
        var doubles = context
            .Transforms.Conversion.ConvertType("Pixels", outputKind: DataKind.Double)
            .Fit(_images.View(3))
            .Transform(_images.View(3));
        var missing = context.Transforms.DropColumns("Pixels").Fit(_images.View(3)).Transform(_images.View(3));
        foreach (var (view, part) in new[] { (small, "9"), (doubles, "Double"), (missing, "'Pixels' is not in the data") })
        {
            foreach (
                var act in new Action[]
                {
                    () => model.GetOutputSchema(view.Schema),
                    () => model.Transform(view),
                    () => model.GetRowToRowMapper(view.Schema),
                }
            )
                Assert.Contains(part, Assert.Throws<ArgumentOutOfRangeException>(act).Message);
        }
    }

    [TestMethod]
    public void Scores_that_are_no_numbers_have_no_predicted_label()
    {
        using var model = _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        using (torch.no_grad())
            model.Network.state_dict()["head.bias"].fill_(float.NaN);
        var scored = model.Transform(_images.View(3));
        Assert.IsTrue(scored.GetColumn<float[]>("Score").All(scores => scores.All(float.IsNaN)));
        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(key => key == 0));
    }

    [TestMethod]
    public void A_GPU_that_is_not_there_is_an_error_unless_the_CPU_may_stand_in()
    {
        // Devices count from 0, so this one is absent on every machine.
        var absent = torch.cuda.device_count();
        var context = new MLContext(1) { GpuDeviceId = absent, FallbackToCpu = false };
        var refusal = Assert.Throws<InvalidOperationException>(() =>
            context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30))
        );
        Assert.Contains($"GpuDeviceId is {absent}, but this process sees {absent} CUDA devices", refusal.Message);
        context.FallbackToCpu = true;
        using var model = context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        Assert.AreEqual("cpu", model.Training.Device);
    }

    static SchemaShape Shape(IDataView view) => new PassThrough(view).Shape;

    static string[] Texts(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    sealed class Flat
    {
        [VectorType(9)]
        public float[] Pixels { get; set; } = [];
    }

    sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    /// <summary>An estimator that shows the shape which <c>EstimatorChain</c> derives from a view's schema.</summary>
    sealed class PassThrough(IDataView view) : IEstimator<ITransformer>
    {
        SchemaShape? _shape;

        public SchemaShape Shape
        {
            get
            {
                new EstimatorChain<ITransformer>().Append(this).Fit(view);
                return _shape!;
            }
        }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _shape = inputSchema;
    }
}
