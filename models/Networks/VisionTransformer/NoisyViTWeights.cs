using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>
/// The names of the arrays of a <see cref="NoisyViT"/> in files: timm's, which are its own, and Hugging Face's. Positions are resampled to
/// the network's grid.
/// </summary>
static class NoisyViTWeights
{
    const string Positions = "pos_embed";

    public static WeightLayout Layout { get; } =
        new()
        {
            Names = "timm",
            FirstConvolution = "patch_embed.proj.weight",
            Foreign =
            [
                new(
                    "Hugging Face",
                    Mark: "embeddings.patch_embeddings",
                    // ViTForImageClassification puts this before all names but the classifier's; ViTModel does not.
                    Prefix: "vit.",
                    [
                        ("cls_token", ["embeddings.cls_token"]),
                        (Positions, ["embeddings.position_embeddings"]),
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
                ),
            ],
            Adapt = (name, source, target) =>
                name == Positions
                && source.ndim == 3
                && source.shape[2] == target.shape[2]
                && PositionalEmbedding.Resample(source.to_type(ScalarType.Float32), target.shape[1]) is { } positions
                    ? new AdaptedWeight(positions, $"resampled from {source.shape[1]} to {target.shape[1]} tokens")
                    : null,
        };
}
