using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class InformationVaeTrainerTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    [DataRow(VaePosterior.Gaussian)]
    [DataRow(VaePosterior.InformationDropout)]
    public void The_bound_rises_and_is_the_difference_of_its_parts(VaePosterior posterior)
    {
        var options = Options(posterior, epochs: 15);
        options.ValidationSet = _images.View(60, seed: 2);
        using var model = _images.Context.Vision.InformationVae(options).Fit(_images.View(150));

        Assert.HasCount(15, model.Training.Epochs);
        Assert.IsGreaterThan(model.Training.Epochs[0].Bound!.Value + 0.5, model.Training.Epochs[^1].Bound!.Value);
        foreach (var epoch in model.Training.Epochs)
            Assert.AreEqual(epoch.LogLikelihood!.Value - epoch.Divergence!.Value, epoch.Bound!.Value, 1e-6);
        Assert.AreEqual(model.Training.Epochs[^1].Bound!.Value, model.Training.Epochs[^1].ValidationBound!.Value, 1);
    }

    [TestMethod]
    public void Rows_get_a_code_and_a_bound_that_depend_on_the_row_alone()
    {
        using var model = _images.Context.Vision.InformationVae(Options(VaePosterior.InformationDropout, epochs: 2)).Fit(_images.View(60));
        var view = _images.View(37);
        var scored = model.Transform(view);
        Assert.AreEqual(3, ((VectorDataViewType)scored.Schema["Embedding"].Type).Size);
        var (codes, bounds) = (scored.GetColumn<float[]>("Embedding").ToArray(), scored.GetColumn<float>("Bound").ToArray());
        Assert.HasCount(37, codes);
        // A bound is the logarithm of a probability.
        Assert.IsTrue(bounds.All(bound => bound < 0));
        Assert.AreSequenceEqual(bounds, model.Transform(view).GetColumn<float>("Bound").ToArray());

        var skipped = model.Transform(_images.Context.Data.SkipRows(view, 5));
        Assert.AreSequenceEqual(codes[5], skipped.GetColumn<float[]>("Embedding").First());
        var mapper = model.GetRowToRowMapper(view.Schema);
        Assert.AreSequenceEqual(scored.Schema.Select(column => column.Name), mapper.OutputSchema.Select(column => column.Name));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_network_and_leaves_the_callers_random_numbers_alone()
    {
        manual_seed(99);
        using var expected = rand(3);
        manual_seed(99);
        using var first = _images.Context.Vision.InformationVae(Options(VaePosterior.Gaussian, epochs: 2)).Fit(_images.View(60));
        using var drawn = rand(3);
        Assert.IsTrue(expected.bytes.SequenceEqual(drawn.bytes));
        using var second = _images.Context.Vision.InformationVae(Options(VaePosterior.Gaussian, epochs: 2)).Fit(_images.View(60));
        foreach (var (name, weight) in first.Network.state_dict())
            Assert.IsTrue(weight.bytes.SequenceEqual(second.Network.state_dict()[name].bytes), name);
    }

    [TestMethod]
    public void The_schema_that_is_promised_is_the_schema_that_comes_out()
    {
        var trainer = _images.Context.Vision.InformationVae(Options(VaePosterior.Gaussian, epochs: 1));
        var train = _images.View(20);
        var shape = _images.Context.Transforms.CopyColumns("Copy", "Pixels").Fit(train).Transform(train);
        var promised = _images.Context.Transforms.CopyColumns("Copy", "Pixels").Append(trainer).Fit(train);
        CollectionAssert.IsSubsetOf(
            new[] { "Embedding", "Bound" },
            promised.Transform(train).Schema.Select(column => column.Name).ToArray()
        );
        Assert.AreEqual(NumberDataViewType.Single, promised.GetOutputSchema(shape.Schema)["Bound"].Type);
    }

    [TestMethod]
    public void Cancellation_keeps_what_there_is()
    {
        using var stop = new CancellationTokenSource();
        var options = Options(VaePosterior.Gaussian, epochs: 50);
        options.CancellationToken = stop.Token;
        options.MetricsCallback = metrics =>
        {
            if (metrics.Epoch == 2)
                stop.Cancel();
        };
        using var model = _images.Context.Vision.InformationVae(options).Fit(_images.View(40));
        Assert.HasCount(2, model.Training.Epochs);
        Assert.IsTrue(model.Training.Interrupted);
        Assert.ThrowsExactly<OperationCanceledException>(() => _images.Context.Vision.InformationVae(options).Fit(_images.View(40)));
    }

    [TestMethod]
    public void An_option_that_needs_classes_is_refused_with_its_value()
    {
        AssertRefused(
            options => options.LabelSmoothing = 0.1,
            "LabelSmoothing is 0.1; an autoencoder has no classes to smooth; set it to 0"
        );
        AssertRefused(options => options.BalanceClasses = true, "BalanceClasses is True; an autoencoder has no classes to balance");
        AssertRefused(options => options.ClassWeights = [1, 2], "ClassWeights is 1 2; an autoencoder has no classes to weigh");
        AssertRefused(options => options.Augmentation = new(MixupAlpha: 0.2), "MixupAlpha is 0.2; an autoencoder has no classes to mix");
        AssertRefused(options => options.LayerRateDecay = 0.7, "LayerRateDecay is 0.7; an autoencoder has no blocks");

        void AssertRefused(Action<InformationVaeTrainer.Options> change, string reason)
        {
            var options = Options(VaePosterior.Gaussian, epochs: 1);
            change(options);
            Assert.StartsWith(
                reason,
                Assert.ThrowsExactly<ArgumentException>(() => _images.Context.Vision.InformationVae(options)).Message
            );
        }
    }

    [TestMethod]
    public void The_epoch_with_the_best_bound_of_validation_rows_is_kept_and_patience_ends_the_training()
    {
        var options = Options(VaePosterior.Gaussian, epochs: 60);
        // A rate that is too high soon makes epochs worse than those before.
        (options.LearningRate, options.Patience, options.ValidationSet) = (0.1, 3, _images.View(60, seed: 2));
        using var model = _images.Context.Vision.InformationVae(options).Fit(_images.View(60));

        var bounds = model.Training.Epochs.Select(epoch => epoch.ValidationBound!.Value).ToList();
        Assert.AreEqual(bounds.IndexOf(bounds.Max()) + 1, model.Training.BestEpoch);
        Assert.IsTrue(model.Training.StoppedEarly);
        Assert.HasCount(model.Training.BestEpoch + 3, bounds);
    }

    [TestMethod]
    public void Bad_input_is_named_before_any_work()
    {
        var rows = PlantedImages.Rows(3);
        rows[1].Pixels[4] = 300;
        var wrong = Assert.ThrowsExactly<InvalidDataException>(() =>
            _images.Context.Vision.InformationVae(Options(VaePosterior.Gaussian, 1)).Fit(_images.View(rows))
        );
        StringAssert.Contains(wrong.Message, "Row 1 of the training view holds 300 in 'Pixels'", StringComparison.Ordinal);

        var options = Options(VaePosterior.Gaussian, 1);
        options.FeatureColumnName = "Image";
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _images.Context.Vision.InformationVae(options).Fit(_images.View(3)));
        options.BatchSize = 0;
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _images.Context.Vision.InformationVae(options)).Message,
            "BatchSize",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    [DataRow(VaePosterior.Gaussian, 1)]
    [DataRow(VaePosterior.InformationDropout, 2)]
    [DataRow(VaePosterior.Gaussian, 7)]
    [DataRow(VaePosterior.InformationDropout, 64)]
    public void Encoder_and_decoder_files_agree_with_the_network(VaePosterior posterior, int batch)
    {
        using var folder = new TemporaryFolder();
        using var model = _images.Context.Vision.InformationVae(Options(posterior, epochs: 3)).Fit(_images.View(60));
        var (encoder, decoder) = (Path.Combine(folder.Path, "encoder.onnx"), Path.Combine(folder.Path, "decoder.onnx"));
        var result = _images.Context.Vision.SaveAsOnnx(model, encoder, decoder);
        Assert.IsLessThanOrEqualTo(1e-4, result.MaxAbsDifference);

        using var scope = NewDisposeScope();
        var pixels = PlantedImages.Rows(batch, seed: 9).SelectMany(row => row.Pixels).ToArray();
        using var gradients = no_grad();
        var codes = model.Network.call(tensor(pixels).reshape(batch, 1, 6, 6));
        var embedded = Run(encoder, "Pixels", pixels, [batch, 1, 6, 6], "Embedding");
        AssertClose(codes, embedded);
        AssertClose(model.Network.Decode(codes), Run(decoder, "Embedding", embedded, [batch, 3], "Pixels"));
    }

    [TestMethod]
    public void Halves_of_an_autoencoder_count_their_own_parameters_and_refuse_parts_of_rows()
    {
        using var folder = new TemporaryFolder();
        using var network = new InformationVae(Options(VaePosterior.InformationDropout, epochs: 1).Network);
        var encoder = InformationVaeExporter.ExportEncoder(network, new() { ValidationRows = new float[2 * 36] }, folder["encoder.onnx"]);
        var decoder = InformationVaeExporter.ExportDecoder(network, new() { ValidationRows = new float[5 * 3] }, folder["decoder.onnx"]);
        Assert.AreEqual(37 * 24 + 25 * 24 + 2 * 25 * 3, encoder.ParameterCount);
        Assert.AreEqual(4 * 24 + 25 * 24 + 25 * 36, decoder.ParameterCount);

        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    InformationVaeExporter.ExportEncoder(network, new() { ValidationRows = new float[50] }, folder["never.onnx"])
                )
                .Message,
            "50 validation values",
            StringComparison.Ordinal
        );
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    InformationVaeExporter.ExportDecoder(network, new() { ValidationRows = new float[4] }, folder["never.onnx"])
                )
                .Message,
            "rows of 3",
            StringComparison.Ordinal
        );
        Assert.IsFalse(File.Exists(folder["never.onnx"]));
    }

    [TestMethod]
    public void A_saved_encoder_loads_where_only_ML_NET_is_known_and_bounds_are_not_saved()
    {
        using var folder = new TemporaryFolder();
        var options = Options(VaePosterior.InformationDropout, epochs: 2);
        using var bounded = _images.Context.Vision.InformationVae(options).Fit(_images.View(40));
        var view = _images.View(9, seed: 5);
        var refused = Assert.Throws<NotSupportedException>(() => _images.Context.Model.Save(bounded, view.Schema, folder["vae.zip"]));
        StringAssert.Contains(refused.Message, "BoundColumnName", StringComparison.Ordinal);

        options.BoundColumnName = null;
        using var model = _images.Context.Vision.InformationVae(options).Fit(_images.View(40));
        Assert.IsNull(model.GetOutputSchema(view.Schema).GetColumnOrNull("Bound"));
        _images.Context.Model.Save(model, view.Schema, folder["vae.zip"]);
        var loaded = new MLContext().Model.Load(folder["vae.zip"], out _).Transform(view).GetColumn<float[]>("Embedding").ToArray();
        var expected = model.Transform(view).GetColumn<float[]>("Embedding").ToArray();
        for (var row = 0; row < 9; row++)
        for (var index = 0; index < 3; index++)
            Assert.AreEqual(expected[row][index], loaded[row][index], 1e-4);
    }

    static float[] Run(string path, string inputName, float[] values, long[] shape, string outputName)
    {
        using var session = new InferenceSession(path);
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, [inputName], [input], [outputName]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    static void AssertClose(Tensor expected, float[] actual)
    {
        var values = expected.contiguous().data<float>().ToArray();
        Assert.HasCount(values.Length, actual);
        for (var index = 0; index < values.Length; index++)
            Assert.AreEqual(values[index], actual[index], 1e-4, $"value {index}");
    }

    static InformationVaeTrainer.Options Options(VaePosterior posterior, int epochs) =>
        new()
        {
            Network = new()
            {
                ImageSize = 6,
                LatentDimension = 3,
                HiddenDimension = 24,
                Posterior = posterior,
            },
            MaxEpoch = epochs,
            BatchSize = 16,
            LearningRate = 5e-3,
            Seed = 3,
        };
}
