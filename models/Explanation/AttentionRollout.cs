using static TorchSharp.torch;

namespace NoisyNN.Models.Explanation;

/// <summary>
/// Attention rollout, weighted by gradients (Chefer, Gur and Wolf, ICCV 2021). Plain rollout (Abnar and Zuidema, ACL 2020) follows the
/// attention of all heads through the blocks and is the same for every class. Here each weight counts as far as it raises the logit of the
/// class. What all patches have in common says nothing about places, so that the patch with the least has 0.
/// </summary>
static class AttentionRollout
{
    /// <summary>The method and its source.</summary>
    public const string Method = "attention rollout, weighted by gradients (Chefer et al., 2021)";

    /// <summary>How much of the class token's answer comes from each other token, [N, T - 1], at least 0.</summary>
    /// <param name="weights">The attention of each block, first block first, [N, heads, T, T]; the class token is the first token.</param>
    /// <param name="gradients">The gradients of the logit by them.</param>
    public static Tensor Of(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        var tokens = weights[0].shape[^1];
        // Row t: where token t has its content from. At first each token has its own.
        var relevance = eye(tokens, device: weights[0].device).expand(weights[0].shape[0], tokens, tokens);
        foreach (var (weight, gradient) in weights.Zip(gradients))
            relevance = relevance + (weight * gradient).clamp_min(0).mean([1]).bmm(relevance);
        var patches = relevance.select(1, 0).narrow(1, 1, tokens - 1);
        return (patches - patches.amin([1], keepdim: true)).MoveToOuterDisposeScope();
    }
}
