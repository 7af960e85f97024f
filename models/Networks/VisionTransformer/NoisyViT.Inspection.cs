using NoisyNN.Models.Explanation;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.VisionTransformer;

// Examines a trained network.
public sealed partial class NoisyViT
{
    /// <inheritdoc/>
    public string AnswerMapMethod => AttentionRollout.Method;

    /// <summary>A value for each patch, [N, rows, columns].</summary>
    /// <inheritdoc/>
    public Tensor AnswerMaps(Tensor pixels, Tensor classes)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(classes);
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        using var frozen = new FrozenParameters(parameters());
        return InEvaluation(() => Rollout(pixels, classes)).MoveToOuterDisposeScope();
    }

    Tensor Rollout(Tensor pixels, Tensor classes)
    {
        // Gradients reach the attention's weights from the pixels on.
        var tokens = Embed(pixels.detach().requires_grad_(true));
        var attention = new List<Tensor>();
        foreach (var block in _blocks)
        {
            (tokens, var weights) = block.Attend(tokens);
            weights.retain_grad();
            attention.Add(weights);
        }
        var logits = _head.call(_norm.call(tokens.select(1, 0)));
        // TorchSharp's autograd.grad ends the process where it fails; backward throws.
        logits.gather(1, classes.unsqueeze(1)).sum().backward();
        return AttentionRollout
            .Of(attention, [.. attention.Select(weights => weights.grad!)])
            .reshape(-1, Configuration.GridSize, Configuration.GridSize)
            .detach();
    }
}
