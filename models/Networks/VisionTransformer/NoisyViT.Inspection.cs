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
        return InEvaluation(() =>
        {
            // Gradients reach the weights of the attention also where the network's own parameters need none.
            var tokens = Embed(pixels.detach().requires_grad_(true));
            var attention = new List<Tensor>();
            foreach (var block in _blocks)
            {
                (tokens, var weights) = block.Attend(tokens);
                attention.Add(weights);
            }
            var logits = _head.call(_norm.call(tokens.select(1, 0)));
            var slopes = autograd.grad([logits.gather(1, classes.unsqueeze(1)).sum()], attention);
            return AttentionRollout
                .Of(attention, [.. slopes])
                .reshape(-1, Configuration.GridSize, Configuration.GridSize)
                .detach()
                .MoveToOuterDisposeScope();
        });
    }
}
