using System.Text.RegularExpressions;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;

namespace NoisyNN.Models.Weights;

/// <summary>
/// Under which names a file keeps a network's arrays. Our names are timm's and torchvision's; Hugging Face has its own for the Vision
/// Transformer.
/// </summary>
/// <param name="Source">Whose names they are.</param>
/// <param name="Table">Ours and theirs, without ".weight" and ".bias"; # is a block's number. Several of theirs are one of ours, one below
/// the other.</param>
sealed partial record WeightNames(string Source, IReadOnlyList<(string Ours, string[] Theirs)> Table)
{
    // ViTForImageClassification puts this before all names but the classifier's; ViTModel does not.
    const string HuggingFacePrefix = "vit.";

    static readonly WeightNames s_huggingFace = new(
        "Hugging Face",
        [
            ("cls_token", ["embeddings.cls_token"]),
            ("pos_embed", ["embeddings.position_embeddings"]),
            ("patch_embed.proj", ["embeddings.patch_embeddings.projection"]),
            ("blocks.#.norm1", ["encoder.layer.#.layernorm_before"]),
            (
                "blocks.#.attn.qkv",
                [
                    "encoder.layer.#.attention.attention.query",
                    "encoder.layer.#.attention.attention.key",
                    "encoder.layer.#.attention.attention.value",
                ]
            ),
            ("blocks.#.attn.proj", ["encoder.layer.#.attention.output.dense"]),
            ("blocks.#.norm2", ["encoder.layer.#.layernorm_after"]),
            ("blocks.#.mlp.fc1", ["encoder.layer.#.intermediate.dense"]),
            ("blocks.#.mlp.fc2", ["encoder.layer.#.output.dense"]),
            ("norm", ["layernorm"]),
            ("head", ["classifier"]),
        ]
    );

    /// <summary>The names that the arrays of a file show.</summary>
    public static WeightNames Of(ImageClassifier network, IReadOnlyCollection<string> names) =>
        network is NoisyViT && names.Any(name => name.Contains("embeddings.patch_embeddings", StringComparison.Ordinal))
            ? s_huggingFace
            : new(network is NoisyViT ? "timm" : "torchvision", []);

    /// <summary>
    /// The file's names for one array of the network, to be put one below the other; null where the file lacks one of them.
    /// </summary>
    public IReadOnlyList<string>? Find(string name, IReadOnlyCollection<string> names)
    {
        var number = BlockNumber().Match(name).Value;
        var pattern = BlockNumber().Replace(name, "#");
        string[] theirs =
            Table
                .Where(entry => pattern == entry.Ours || pattern.StartsWith(entry.Ours + '.', StringComparison.Ordinal))
                .Select(entry =>
                    entry
                        .Theirs.Select(stem => stem.Replace("#", number, StringComparison.Ordinal) + pattern[entry.Ours.Length..])
                        .ToArray()
                )
                .FirstOrDefault()
            ?? [name];
        List<string> found = [.. theirs.SelectMany(their => new[] { their, HuggingFacePrefix + their }.Where(names.Contains).Take(1))];
        return found.Count > 0 && found.Count == theirs.Length ? found : null;
    }

    [GeneratedRegex(@"(?<=^blocks\.)\d+(?=\.)")]
    private static partial Regex BlockNumber();
}
