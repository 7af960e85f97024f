using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class ExperimentFileTests
{
    const string Complete = """
        name: trial
        seed: 3
        data:
          manifest: fashion-mnist
        pipeline:
          - family: gaussian
            standardDeviation: 8
            scope: always
        noise:
          latent:
            family: circular-shift
            strength: 0.3
            axis: tokens
            site: before-head
        training:
          epochs: 6
          learningRate: 2e-3
        evaluation:
          leak:
            family: optimal-mixing
            axis: batch
        """;

    [TestMethod]
    public void A_declared_experiment_becomes_records_with_defaults_where_nothing_is_said()
    {
        var experiment = ExperimentFile.Parse(Complete, "trial.yaml").Experiment;

        Assert.AreEqual("trial", experiment.Name);
        Assert.AreEqual(3, experiment.Seed);
        Assert.AreEqual("fashion-mnist", experiment.Data.Manifest);
        Assert.AreEqual(0.1, experiment.Data.ValidationFraction);
        Assert.AreEqual(new ColumnNoiseSection(new GaussianNoise(8), NoiseScope.Always), experiment.Pipeline.Single());
        Assert.AreEqual(
            new LatentNoisePlacement(
                new CircularShiftNoise(0.3, MixAxis.Tokens),
                NoiseSite.BeforeHead,
                Layer: -1,
                InTraining: true,
                AtInference: false
            ),
            experiment.Noise.Latent!.Placement
        );
        Assert.AreEqual(6, experiment.Training.MaxEpoch);
        Assert.AreEqual(0.002, experiment.Training.LearningRate);
        Assert.AreEqual(new TrainingRecipe().BatchSize, experiment.Training.BatchSize);
        CollectionAssert.AreEqual(new[] { 1, 10, 64 }, experiment.Evaluation.Batches.ToArray());
        Assert.IsTrue(experiment.HasNoise);
    }

    [TestMethod]
    [DataRow("demo")]
    [DataRow("resnet-18")]
    [DataRow("micro-vit")]
    [DataRow("all-cnn")]
    public void A_shipped_experiment_is_a_valid_file_and_its_run_has_its_name(string name)
    {
        var experiment = ExperimentFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.yaml")).Experiment;

        Assert.AreEqual(name, experiment.Name);
    }

    [TestMethod]
    public void A_data_section_that_names_the_data_alone_has_the_librarys_defaults()
    {
        var section = ExperimentFile.Parse(Complete, "trial.yaml").Experiment.Data;
        var library = new ImageFolderOptions();

        Assert.AreEqual(new DataSection { Manifest = "fashion-mnist" }, section);
        Assert.AreEqual(
            (library.ImageSize, library.Channels, library.TestFraction, library.ValidationFraction),
            (section.ImageSize, section.Channels, section.TestFraction, section.ValidationFraction)
        );
        Assert.AreEqual(64, library.ImageSize);
    }

    [TestMethod]
    [DataRow("validationFraction: 1", "data.validationFraction must be at least 0 and below 1, got 1")]
    [DataRow("validationFraction: 0", "data: the validation rows choose the epoch of an experiment")]
    [DataRow("trainLimit: 0", "data.trainLimit must be at least 1, got 0; leave it out for all rows")]
    [DataRow("channels: 2", "data: Images have 1 channel (grey) or 3 (colour), got 2")]
    [DataRow("fold: 2", "data: fold is one of several folds: set their number with 'folds'")]
    public void A_wrong_option_of_the_data_is_refused_at_its_line(string key, string message) =>
        AssertRefused(
            Complete.Replace("manifest: fashion-mnist", $"manifest: fashion-mnist\n  {key}", StringComparison.Ordinal),
            $"trial.yaml:5: {message}"
        );

    [TestMethod]
    public void The_leak_section_defaults_to_the_place_of_the_released_NoisyViT()
    {
        var leak = ExperimentFile.Parse(Complete, "trial.yaml").Experiment.Evaluation.Leak!;

        Assert.AreEqual(LatentNoisePlacement.ReleasedNoisyViT, leak.Placement);
    }

    [TestMethod]
    public void The_demo_trains_both_networks_and_tests_with_the_recipe_of_the_released_NoisyViT()
    {
        var demo = ExperimentFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml")).Experiment;

        Assert.AreEqual("fashion-mnist", demo.Data.Manifest);
        Assert.IsTrue(demo.HasNoise && demo.Evaluation.Baseline);
        Assert.IsFalse(demo.Noise.Latent!.Placement.IsTransductive, "its own figures must not depend on the neighbours");
        Assert.AreEqual(LatentNoisePlacement.ReleasedNoisyViT, demo.Evaluation.Leak!.Placement);
    }

    [TestMethod]
    public void What_a_run_writes_down_reads_back_as_the_same_experiment()
    {
        var effective = ExperimentFile.Parse(Complete, "trial.yaml", ["training.epochs=9"]).Effective;

        Assert.AreEqual(effective, ExperimentFile.Parse(effective, "written.yaml").Effective);
        StringAssert.Contains(effective, "epochs: 9");
        StringAssert.Contains(effective, "batchSize: 64", "defaults are written down, too");
    }

    [TestMethod]
    [DataRow("training.epochs=3", 3)]
    [DataRow("training.epochs = 3", 3)]
    [DataRow("training={epochs: 4, batchSize: 8}", 4)]
    public void An_override_replaces_what_the_file_says(string assignment, int epochs) =>
        Assert.AreEqual(epochs, ExperimentFile.Parse(Complete, "trial.yaml", [assignment]).Experiment.Training.MaxEpoch);

    [TestMethod]
    public void An_override_reaches_into_lists_and_into_sections_that_are_not_written()
    {
        var experiment = ExperimentFile.Parse(Complete, "trial.yaml", ["pipeline.0.standardDeviation=2.5", "network.depth=2"]).Experiment;

        Assert.AreEqual(new GaussianNoise(2.5), experiment.Pipeline.Single().Noise);
        Assert.AreEqual(2, ((NoisyViTConfiguration)experiment.Network.Configuration).Depth);
    }

    [TestMethod]
    [DataRow("epochs: 6", "epoch: 6", "trial.yaml:16: unknown key 'epoch' in training; did you mean 'epochs'?")]
    [DataRow("seed: 3", "sede: 3", "trial.yaml:2: unknown key 'sede' in the experiment; did you mean 'seed'?")]
    [DataRow("strength: 0.3", "strenght: 0.3", "trial.yaml:12: unknown key 'strenght' in noise.latent; did you mean 'strength'?")]
    [DataRow("family: gaussian", "family: gausian", "trial.yaml:6: unknown noise family 'gausian' in pipeline.0; did you mean 'gaussian'?")]
    [DataRow(
        "axis: tokens",
        "axis: token",
        "trial.yaml:13: noise.latent.axis takes one of batch, tokens, spatial-rows, channels, not 'token'; did you mean 'tokens'?"
    )]
    public void A_misspelt_word_is_refused_with_its_line_and_the_nearest_valid_one(string from, string to, string message) =>
        AssertRefused(Complete.Replace(from, to, StringComparison.Ordinal), message);

    [TestMethod]
    [DataRow("epochs: 6", "epochs: six", "trial.yaml:16: training.epochs takes a whole number, not 'six'")]
    [DataRow("epochs: 6", "epochs: 6.5", "trial.yaml:16: training.epochs takes a whole number, not '6.5'")]
    [DataRow("epochs: 6", "epochs: '6'", "trial.yaml:16: training.epochs takes a whole number, not the text '6'")]
    [DataRow("epochs: 6", "epochs:", "trial.yaml:16: training.epochs takes a whole number, not nothing")]
    [DataRow("epochs: 6", "epochs: [6]", "trial.yaml:16: training.epochs takes a whole number, not a list")]
    [DataRow("learningRate: 2e-3", "learningRate: .nan", "trial.yaml:17: training.learningRate takes a number, not '.nan'")]
    [DataRow("scope: always", "scope: yes", "trial.yaml:8: pipeline.0.scope takes one of training, always, not 'yes'")]
    [DataRow("  - family: gaussian", "    family: gaussian", "trial.yaml:6: pipeline takes a list")]
    public void A_value_of_the_wrong_type_is_refused_with_its_line_and_the_expected_type(string from, string to, string message) =>
        AssertRefused(Complete.Replace(from, to, StringComparison.Ordinal), message);

    [TestMethod]
    [DataRow("epochs: 6", "epochs: 0", "trial.yaml:16: training.epochs must be at least 1 and at most 100000, got 0")]
    [DataRow("learningRate: 2e-3", "learningRate: 0", "trial.yaml:17: training.learningRate must be above 0 and at most 10, got 0")]
    [DataRow("standardDeviation: 8", "standardDeviation: -8", "trial.yaml:7: pipeline.0: ")]
    [DataRow("strength: 0.3", "strength: 1.5", "trial.yaml:12: noise.latent: ")]
    public void A_value_out_of_range_is_refused_with_its_line(string from, string to, string message) =>
        AssertRefused(Complete.Replace(from, to, StringComparison.Ordinal), message);

    [TestMethod]
    [DataRow("name: trial\n", "trial.yaml:1: name is missing")]
    [DataRow("    standardDeviation: 8\n", "trial.yaml:6: pipeline.0.standardDeviation is missing")]
    public void A_missing_key_is_named(string line, string message) =>
        AssertRefused(Complete.Replace(line, "", StringComparison.Ordinal), message);

    [TestMethod]
    public void A_repeated_key_is_refused_with_its_line() => AssertRefused("name: a\nname: b\n", "trial.yaml:2: ");

    [TestMethod]
    public void Broken_YAML_is_refused_with_its_line() => AssertRefused("name: a\ndata: [fashion\n", "trial.yaml:3: not valid YAML");

    [TestMethod]
    [DataRow("training.epoch=3", "unknown key 'epoch' in training; did you mean 'epochs'?")]
    [DataRow("training.epochs=three", "training.epochs takes a whole number, not 'three'")]
    [DataRow("training.epochs=0", "training.epochs must be at least 1")]
    [DataRow("pipeline.4.scope=always", "there is no entry '4' in the list")]
    [DataRow("name.first=x", "'name' holds the value 'trial', not keys")]
    [DataRow("training.epochs", "an override is written path=value")]
    public void An_override_is_as_strict_and_is_named_in_place_of_the_line(string assignment, string message)
    {
        var refusal = Refusal(Complete, assignment);

        Assert.AreEqual($"--set {assignment}", refusal.Location);
        StringAssert.Contains(refusal.Message, message);
    }

    [TestMethod]
    public void Data_come_from_one_place() =>
        AssertRefused(
            Complete.Replace("manifest: fashion-mnist", "manifest: a\n  directory: b", StringComparison.Ordinal),
            "trial.yaml:5: data: give either"
        );

    [TestMethod]
    [DataRow("../elsewhere")]
    [DataRow("latest")]
    [DataRow(".hidden")]
    public void A_name_that_cannot_be_a_run_folder_is_refused(string name) =>
        StringAssert.Contains(Refusal(Complete, $"name={name}").Message, "cannot name a run folder");

    [TestMethod]
    public void A_file_that_is_not_there_is_named()
    {
        var refusal = Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Load("no-such.yaml"));

        StringAssert.StartsWith(refusal.Message, "no-such.yaml: there is no such file");
    }

    static DeclarationException Refusal(string text, params string[] overrides) =>
        Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Parse(text, "trial.yaml", overrides));

    static void AssertRefused(string text, string messageStart) => StringAssert.StartsWith(Refusal(text).Message, messageStart);
}
