namespace NoisyNN.Pipelines.Yaml.Presets;

/// <summary>The presets of noises. Their keys are what an experiment that names one writes down.</summary>
static class NoisePresets
{
    /// <summary>The key that names a preset.</summary>
    public const string Key = "preset";

    /// <summary>All presets.</summary>
    public static IReadOnlyList<NoisePreset> All { get; } =
    [
        new(
            "noisyvit-released",
            "The published commands of NoisyViT (arXiv 2309.10625): optimal mixing across the batch, at inference alone.",
            [("family", "optimal-mixing"), ("axis", "batch")],
            [("site", "attention-input"), ("layer", "-1"), ("training", "false"), ("inference", "true")]
        ),
        new(
            "noisycnn-released",
            "The training script of NoisyCNN (arXiv 2309.10625): circular shift of 0.4 across the batch, always.",
            [("family", "circular-shift"), ("strength", "0.4"), ("axis", "batch")],
            [("site", "block-input"), ("layer", "-1"), ("training", "true"), ("inference", "true"), ("detached", "true")]
        ),
        new(
            "per-image-rows",
            "Optimal mixing of the rows within each image, as other implementations of NoisyNN have it. It leaks nothing.",
            [("family", "optimal-mixing"), ("axis", "spatial-rows")],
            [("site", "block-input"), ("layer", "-1"), ("training", "true"), ("inference", "true")]
        ),
        new(
            "neftune",
            "NEFTune (arXiv 2310.05914): uniform noise of α/√(L·d) on embeddings, in training alone; α = 5.",
            [("family", "neftune"), ("alpha", "5")],
            [("site", "after-embedding"), ("includeClassToken", "true"), ("training", "true"), ("inference", "false")]
        ),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>The preset of a name; null for an unknown one.</summary>
    public static NoisePreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);
}
