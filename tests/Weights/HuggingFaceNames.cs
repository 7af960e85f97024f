using NoisyNN.Models.Networks.VisionTransformer;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Weights;

/// <summary>The arrays of a vision transformer under the names of Hugging Face, which keeps queries, keys and values apart.</summary>
static class HuggingFaceNames
{
    public static Dictionary<string, Tensor> Of(NoisyViT network, string prefix)
    {
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in network.state_dict())
        {
            var block = name.Split('.') is ["blocks", var number, ..] ? $"{prefix}encoder.layer.{number}." : "";
            var leaf = name[(name.LastIndexOf('.') + 1)..];
            if (name.Contains(".attn.qkv."))
            {
                foreach (var (part, index) in new[] { "query", "key", "value" }.Select((part, index) => (part, index)))
                    arrays[$"{block}attention.attention.{part}.{leaf}"] = value.narrow(0, index * 12, 12);
                continue;
            }
            var theirs = name switch
            {
                "cls_token" => $"{prefix}embeddings.cls_token",
                "pos_embed" => $"{prefix}embeddings.position_embeddings",
                _ when name.StartsWith("patch_embed") => $"{prefix}embeddings.patch_embeddings.projection.{leaf}",
                _ when name.StartsWith("norm") => $"{prefix}layernorm.{leaf}",
                _ when name.StartsWith("head") => $"classifier.{leaf}",
                _ when name.Contains("norm1") => $"{block}layernorm_before.{leaf}",
                _ when name.Contains("norm2") => $"{block}layernorm_after.{leaf}",
                _ when name.Contains("attn.proj") => $"{block}attention.output.dense.{leaf}",
                _ when name.Contains("fc1") => $"{block}intermediate.dense.{leaf}",
                _ => $"{block}output.dense.{leaf}",
            };
            arrays[theirs] = value;
        }
        return arrays;
    }
}
