using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Training;

/// <summary>What a trainer refuses before it works: each message names the column, option or value and what to do.</summary>
[TestClass]
public class BadInputTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void Options_out_of_range_are_refused_when_the_trainer_is_made()
    {
        Refused(options => options.MaxEpoch = 0, "MaxEpoch is 0");
        Refused(options => options.BatchSize = 0, "BatchSize is 0");
        Refused(options => options.LearningRate = 0, "LearningRate is 0");
        Refused(options => options.LearningRate = double.NaN, "LearningRate is NaN");
        Refused(options => options.WarmupEpochs = 3, "WarmupEpochs is 3");
        Refused(options => options.WeightDecay = -1, "WeightDecay is -1");
        Refused(options => options.LabelSmoothing = 1, "LabelSmoothing is 1");
        Refused(options => options.ClipNorm = double.PositiveInfinity, "ClipNorm is");
        Refused(options => options.FinalLearningRateRatio = 1.5, "FinalLearningRateRatio is 1.5");
        Refused(options => options.AccumulationSteps = 0, "AccumulationSteps is 0");
        Refused(options => options.LayerRateDecay = 1.1, "LayerRateDecay is 1.1");
        Refused(options => options.MovingAverageDecay = 1, "MovingAverageDecay is 1");
        Refused(options => options.ClassWeights = [1, double.NaN], "ClassWeights is [1, NaN]");
        Refused(options => (options.BalanceClasses, options.ClassWeights) = (true, [1, 2, 3]), "BalanceClasses is True");
        Refused(options => options.Patience = -1, "Patience is -1");
        Refused(options => options.LoadingThreadCount = 0, "LoadingThreadCount is 0");
        Refused(options => options.RowMemoryBytes = -1, "RowMemoryBytes is -1");
        Refused(options => options.Precision = (Precision)7, "Precision is 7");
        Refused(options => options.TensorBoard = true, "WorkspacePath");
        Refused(options => options.Resume = true, "WorkspacePath");
        Refused(options => options.CheckpointEverySteps = 5, "WorkspacePath");
        Refused(options => options.LabelColumnName = "", "LabelColumnName is empty");
        Refused(options => options.PredictedLabelColumnName = "Score", "PredictedLabelColumnName is Score");
        Refused(options => options.Network = options.Network with { PatchSize = 5 }, "PatchSize 5");

        void Refused(Action<NoisyViTTrainer.Options> change, string part)
        {
            var options = _images.Options();
            change(options);
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options)).Message);
        }
    }

    [TestMethod]
    public void A_label_that_is_no_key_names_the_column_and_MapValueToKey()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_images.TextView(9)));
        Assert.Contains("'Label'", refusal.Message);
        Assert.Contains("MapValueToKey(\"Label\")", refusal.Message);
        var pipeline = new EstimatorChain<ITransformer>().Append(_images.Context.Vision.NoisyViT(_images.Options()));
        Assert.Contains(
            "MapValueToKey(\"Label\")",
            Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(_images.TextView(9))).Message
        );
    }

    [TestMethod]
    public void A_missing_column_is_named_together_with_those_that_are_there()
    {
        var options = _images.Options();
        options.FeatureColumnName = "Pixel";
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(9)));
        Assert.Contains("'Pixel' is not in the data", refusal.Message);
        Assert.Contains("'Pixels'", refusal.Message);
    }

    [TestMethod]
    public void Images_of_another_size_than_the_networks_are_refused()
    {
        var options = _images.Options();
        options.Network = options.Network with { ImageSize = 9 };
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(9)));
        Assert.Contains("1 x 9 x 9", refusal.Message);
        Assert.Contains("1 x 6 x 6", refusal.Message);
    }

    [TestMethod]
    public void A_number_of_classes_that_the_labels_do_not_have_is_refused()
    {
        var options = _images.Options();
        options.Network = options.Network with { ClassCount = 10 };
        Assert.Contains(
            "has 3 key values",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(9))).Message
        );
    }

    [TestMethod]
    public void A_row_without_label_or_with_a_pixel_that_is_no_number_is_named()
    {
        var rows = PlantedImages.Rows(9);
        rows[4].Label = "nowhere";
        Assert.Contains("Row 4", Assert.Throws<InvalidDataException>(() => Fit(_images.View(rows))).Message);
        rows = PlantedImages.Rows(9);
        rows[5].Pixels[7] = float.NaN;
        Assert.Contains("Row 5", Assert.Throws<InvalidDataException>(() => Fit(_images.View(rows))).Message);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => Fit(_images.View([]))).Message);
    }

    [TestMethod]
    public void Validation_rows_with_other_key_values_are_refused()
    {
        var options = _images.Options();
        var other = _images.TextView(6);
        options.ValidationSet = _images.Context.Transforms.Conversion.MapValueToKey("Label").Fit(_images.TextView(2)).Transform(other);
        Assert.Contains(
            "other key values",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(9))).Message
        );
    }

    [TestMethod]
    public void A_mixing_that_is_singular_over_the_batch_is_refused_before_the_first_step()
    {
        var half = new CircularShiftNoise(0.5, MixAxis.Batch);
        var options = _images.Options();
        options.InputNoise = half;
        options.MetricsCallback = _ => Assert.Fail("A step was done.");
        Assert.Throws<InvalidOperationException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(48)));
        options.InputNoise = null;
        options.LatentNoise = new(half, NoiseSite.BlockInput);
        options.BatchSize = 5;
        // Batches of five are odd, but the last of 48 rows has three, of 46 rows one, and of 47 rows two.
        Assert.Throws<InvalidOperationException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(47)));
    }

    [TestMethod]
    public void A_workspace_that_is_a_file_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var options = _images.Options();
        options.WorkspacePath = folder.Write("file", []);
        Assert.Contains(
            "cannot be written to",
            Assert.Throws<IOException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(9))).Message
        );
    }

    void Fit(IDataView view) => _images.Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view).Dispose();
}
