using NoisyNN.Models.Layers;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Training;

/// <summary>The training loop's options as an experiment file spells them.</summary>
[TestClass]
public class TrainingSectionTests
{
    const string Declaration = """
        name: trial
        data:
          manifest: fashion-mnist
        training:
          accumulationSteps: 2
          layerRateDecay: 0.75
          movingAverageDecay: 0.999
          classWeights: [1, 2.5]
          patience: 3
          precision: bfloat16
          loadingThreads: 2
          rowMemoryBytes: 8000000000
          tensorBoard: true
          augmentation:
            cropPadding: 2
            horizontalFlip: true
            mixupAlpha: 0.2
        """;

    [TestMethod]
    public void Every_option_binds_and_is_written_as_it_was_read()
    {
        var training = ExperimentFile.Parse(Declaration, "trial.yaml").Experiment.Training;
        Assert.AreEqual(
            (2, 0.75, 0.999, 3, Precision.Bfloat16, 2, true),
            (
                training.AccumulationSteps,
                training.LayerRateDecay,
                training.MovingAverageDecay,
                training.Patience,
                training.Precision,
                training.LoadingThreadCount,
                training.TensorBoard
            )
        );
        Assert.AreEqual(8_000_000_000, training.RowMemoryBytes);
        Assert.AreEqual(new Augmentation(CropPadding: 2, HorizontalFlip: true, MixupAlpha: 0.2), training.Augmentation);
        Assert.AreSequenceEqual([1, 2.5], training.ClassWeights);

        var again = ExperimentFile
            .Parse(RecordWriter.Write(ExperimentFile.Parse(Declaration, "trial.yaml").Experiment), "again.yaml")
            .Experiment.Training;
        foreach (var option in DeclaredOption.Of(typeof(TrainingRecipe)))
            Assert.AreEqual(option.Text(training), option.Text(again), option.Name);
    }

    [TestMethod]
    [DataRow("patience: 3", "patience: -1", "training.patience must be at least 0")]
    [DataRow("precision: bfloat16", "precision: float16", "float16")]
    [DataRow("mixupAlpha: 0.2", "mixupAlpha: 5", "It must be from 0 to 4")]
    [DataRow("cropPadding: 2", "cropPading: 2", "unknown key 'cropPading' in training.augmentation")]
    public void A_wrong_value_is_an_error_at_its_line(string right, string wrong, string expected)
    {
        var text = Declaration.Replace(right, wrong, StringComparison.Ordinal);
        var line = text.Split('\n').ToList().FindIndex(row => row.Contains(wrong, StringComparison.Ordinal)) + 1;
        var refusal = Assert.Throws<DeclarationException>(() => ExperimentFile.Parse(text, "trial.yaml"));
        Assert.Contains(expected, refusal.Message);
        Assert.Contains($"trial.yaml:{line}", refusal.Message);
    }

    [TestMethod]
    public void A_rule_between_two_keys_is_refused_at_its_line_in_the_words_of_the_file()
    {
        var text = Declaration.Replace("patience: 3", "epochs: 2\n  warmupEpochs: 3", StringComparison.Ordinal);
        var line = text.Split('\n').ToList().FindIndex(row => row.Contains("warmupEpochs", StringComparison.Ordinal)) + 1;

        Assert.AreEqual(
            $"trial.yaml:{line}: training: warmupEpochs is 3; it must lie between 0 and epochs (2).",
            Assert.Throws<DeclarationException>(() => ExperimentFile.Parse(text, "trial.yaml")).Message
        );
    }

    [TestMethod]
    public void A_file_without_the_section_trains_with_the_librarys_own_defaults()
    {
        var section = ExperimentFile.Parse("name: trial\ndata: {manifest: fashion-mnist}", "trial.yaml").Experiment.Training;
        var library = new TrainingRecipe();

        foreach (var option in DeclaredOption.Of(typeof(TrainingRecipe)))
            Assert.AreEqual(option.Text(library), option.Text(section), option.Name);
        Assert.AreEqual(
            (5, 200, 0.01, 50),
            (section.MaxEpoch, section.CheckpointEverySteps, section.FinalLearningRateRatio, section.LogEverySteps)
        );
    }

    [TestMethod]
    public void Options_that_only_the_library_had_have_keys_too()
    {
        var text = Declaration.Replace(
            "patience: 3",
            "finalLearningRateRatio: 0.5\n  logEverySteps: 7\n  linearProduct: convolution",
            StringComparison.Ordinal
        );
        var training = ExperimentFile.Parse(text, "trial.yaml").Experiment.Training;

        Assert.AreEqual(
            (0.5, 7, LinearProduct.Convolution),
            (training.FinalLearningRateRatio, training.LogEverySteps, training.LinearProduct)
        );
    }
}
