using System.Text.Json.Nodes;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Yaml;

/// <summary>The JSON schema that <c>noisynn schema</c> prints, against files that the program reads and files that it refuses.</summary>
[TestClass]
public sealed class ExperimentSchemaTests
{
    static readonly JsonObject s_experiment = JsonNode.Parse(TestTerminal.Run("schema").Output)!.AsObject();

    const string Complete = """
        name: trial
        seed: [1, 2]
        data:
          manifest: fashion-mnist
          trainLimit: 100
        pipeline:
          - family: gaussian
            standardDeviation: 8
            clip: {low: 0, high: 255}
            scope: always
        noise:
          input:
            family: imagenet-c-shot
            severity: 2
          latent:
            family: quality-matrix
            q: [[0, 0.1], [0.1, 0]]
            axis: tokens
            site: before-head
            schedule: {from: 0, to: 1, steps: 10}
        network:
          architecture: all-cnn
          widths: [8, 16]
          dropoutKind: binary
        training:
          epochs: 6
          rowMemoryBytes:
          augmentation: {cropPadding: 2, horizontalFlip: true}
          classWeights: [1, 2.5]
        evaluation:
          leak: {family: optimal-mixing, axis: batch}
        """;

    [TestMethod]
    public void Every_experiment_file_of_the_program_is_valid()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.yaml");

        Assert.IsGreaterThan(4, files.Length);
        foreach (var file in files)
            Assert.IsNull(SchemaCheck.Mistake(YamlAsJson.Read(File.ReadAllText(file)), s_experiment), file);
    }

    [TestMethod]
    public void A_file_with_every_kind_of_section_is_valid_and_so_is_what_its_run_would_write_down()
    {
        var effective = ExperimentFile.Parse(Complete, "trial.yaml").Effective;

        Assert.IsNull(SchemaCheck.Mistake(YamlAsJson.Read(Complete), s_experiment));
        Assert.IsNull(SchemaCheck.Mistake(YamlAsJson.Read(effective), s_experiment));
    }

    [TestMethod]
    [DataRow("epochs: 6", "epoch: 6", "$.training.epoch is unknown")]
    [DataRow("epochs: 6", "epochs: 0", "$.training.epochs is 0, minimum is 1")]
    [DataRow("epochs: 6", "epochs: 6.5", "$.training.epochs is no \"integer\"")]
    [DataRow("epochs: 6", "labelSmoothing: 1", "$.training.labelSmoothing is 1, exclusiveMaximum is 1")]
    [DataRow("epochs: 6", "learningRate: 0", "$.training.learningRate is 0, exclusiveMinimum is 0")]
    [DataRow("epochs: 6", "precision: float16", "$.training.precision is none of [\"float32\",\"bfloat16\"]")]
    [DataRow("horizontalFlip: true", "horizontalFlip: 1", "$.training.augmentation.horizontalFlip is no \"boolean\"")]
    [DataRow("name: trial", "claim: trial", "$.name is missing")]
    [DataRow("data:\n  manifest: fashion-mnist\n  trainLimit: 100", "", "$.data is missing")]
    [DataRow("trainLimit: 100", "channels: 2", "$.data.channels is none of [1,3]")]
    [DataRow("trainLimit: 100", "trainLimit: 0", "$.data.trainLimit is 0, minimum is 1")]
    [DataRow("seed: [1, 2]", "seed: []", "$.seed matches none of its variants")]
    [DataRow("standardDeviation: 8", "halfWidth: 8", "$.pipeline.0 matches 0 of its variants")]
    [DataRow("family: gaussian", "family: gausian", "$.pipeline.0 matches 0 of its variants")]
    [DataRow("severity: 2", "severity: 6", "$.noise.input matches 0 of its variants")]
    [DataRow("standardDeviation: 8", "standardDeviation: -8", "$.pipeline.0 matches 0 of its variants")]
    [DataRow("cropPadding: 2", "cropPadding: 2000", "$.training.augmentation.cropPadding is 2000, maximum is 1024")]
    [DataRow("site: before-head", "site: head", "$.noise.latent matches 0 of its variants")]
    [DataRow("widths: [8, 16]", "patchSize: 4", "$.network matches 0 of its variants")]
    [DataRow("architecture: all-cnn", "depth: 2", "$.network matches 0 of its variants")]
    public void A_planted_mistake_is_found_and_the_program_refuses_it_too(string right, string wrong, string expected)
    {
        var text = Complete.Replace(right, wrong, StringComparison.Ordinal);

        Assert.AreNotEqual(Complete, text);
        Assert.AreEqual(expected, SchemaCheck.Mistake(YamlAsJson.Read(text), s_experiment));
        Assert.Throws<DeclarationException>(() => ExperimentFile.Parse(text, "trial.yaml"));
    }

    [TestMethod]
    public void Every_option_of_a_recipe_is_described_with_its_default()
    {
        var training = s_experiment["properties"]!["training"]!["properties"]!.AsObject();

        Assert.HasCount(DeclaredOption.Of(typeof(TrainingRecipe)).Count, training);
        foreach (var (key, option) in training)
            Assert.IsGreaterThan(20, option!["description"]!.GetValue<string>().Length, key);
        Assert.AreEqual(
            """{"type":"integer","minimum":1,"maximum":100000,"description":"Passes over the training rows. Unit: epochs.","default":5}""",
            training["epochs"]!.ToJsonString()
        );
    }
}
