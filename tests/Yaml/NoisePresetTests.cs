using NoisyNN.Models.Layers;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Neftune;

namespace NoisyNN.Tests.Yaml;

/// <summary>Noises that published code has, by name.</summary>
[TestClass]
public sealed class NoisePresetTests
{
    [TestMethod]
    public void The_released_recipes_are_the_placements_of_the_library()
    {
        Assert.AreEqual(LatentNoisePlacement.ReleasedNoisyViT, Latent("preset: noisyvit-released").Placement);
        // 0.4 is the strength of the released script.
        Assert.AreEqual(LatentNoisePlacement.ReleasedNoisyResNet, Latent("preset: noisycnn-released").Placement);
    }

    [TestMethod]
    public void NEFTune_is_uniform_noise_on_embeddings_in_training_alone()
    {
        var latent = Latent("preset: neftune");

        Assert.AreEqual(new LatentNoisePlacement(new NeftuneNoise(5), NoiseSite.AfterEmbedding, IncludeClassToken: true), latent.Placement);
    }

    [TestMethod]
    public void Rows_are_mixed_within_each_image()
    {
        var latent = Latent("preset: per-image-rows");

        Assert.AreEqual(new OptimalMixingNoise(MixAxis.SpatialRows), latent.Noise);
        Assert.IsFalse(latent.Placement.IsTransductive);
    }

    [TestMethod]
    public void A_key_of_the_section_takes_the_place_of_the_presets()
    {
        var latent = Latent("preset: noisycnn-released", "strength: 0.1", "inference: false");

        Assert.AreEqual(new CircularShiftNoise(0.1, MixAxis.Batch), latent.Noise);
        Assert.IsFalse(latent.Inference);
        Assert.IsTrue(latent.Detached);
    }

    [TestMethod]
    public void A_run_writes_down_what_a_preset_stands_for()
    {
        var file = Experiment("noise:", "  latent: {preset: noisycnn-released}");

        StringAssert.Contains(file.Effective, "family: circular-shift");
        StringAssert.Contains(file.Effective, "strength: 0.4");
        Assert.DoesNotContain("preset", file.Effective);
    }

    [TestMethod]
    public void A_section_without_places_takes_the_noise_alone()
    {
        Assert.AreEqual(
            new OptimalMixingNoise(MixAxis.SpatialRows),
            Experiment("pipeline: [{preset: per-image-rows}]").Experiment.Pipeline[0].Noise
        );
        Assert.AreEqual(new CircularShiftNoise(0.4, MixAxis.Batch), NoiseArgument.Parse("noisycnn-released", MixAxis.Tokens));
        Assert.AreEqual(new NeftuneNoise(15), NoiseArgument.Parse("neftune:alpha=15", MixAxis.Tokens));
    }

    [TestMethod]
    [DataRow("{preset: neftun}", "unknown preset 'neftun' in noise.latent; did you mean 'neftune'?")]
    [DataRow("{preset: neftune, family: gaussian}", "noise.latent has a preset and a family")]
    [DataRow("{preset: neftune, strength: 1}", "unknown key 'strength' in noise.latent")]
    public void A_preset_that_cannot_be_is_refused_with_its_line(string section, string message)
    {
        var error = Assert.ThrowsExactly<DeclarationException>(() => Experiment("noise:", $"  latent: {section}"));

        Assert.Contains(":4: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [TestMethod]
    public void An_editor_knows_the_presets()
    {
        var schema = ExperimentSchema.Create();

        Assert.IsNull(Mistake("{preset: noisycnn-released, strength: 0.1, inference: false}"));
        Assert.IsNull(Mistake("{preset: noisyvit-released}"));
        Assert.IsNotNull(Mistake("{preset: noisyvit}"));
        Assert.IsNotNull(Mistake("{preset: neftune, strength: 1}"));

        string? Mistake(string latent) =>
            SchemaCheck.Mistake(YamlAsJson.Read($"name: a\ndata: {{manifest: b}}\nnoise: {{latent: {latent}}}"), schema);
    }

    static LatentNoiseSection Latent(params string[] keys) =>
        Experiment("noise:", $"  latent: {{{string.Join(", ", keys)}}}").Experiment.Noise.Latent!;

    static ExperimentFile Experiment(params string[] lines)
    {
        using var folder = new TemporaryFolder();
        var path = folder["shorthand.yaml"];
        File.WriteAllLines(path, ["name: shorthand", "data: {manifest: fashion-mnist}", .. lines]);
        return ExperimentFile.Load(path);
    }
}
