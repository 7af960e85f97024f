using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// A place in a network that says when the backward pass reaches it. Everything that was computed after it in the forward pass has its
/// gradients by then: libtorch's backward pass takes what is ready in the reverse order of the forward pass.
/// </summary>
sealed class BackwardMark : autograd.SingleTensorFunction<BackwardMark>
{
    const string Reached = nameof(Reached);

    // libtorch takes its own reference to what backward returns when that has returned.
    [ThreadStatic]
    static Tensor? t_returned;

    /// <inheritdoc/>
    public override string Name => nameof(BackwardMark);

    /// <summary>The same values, in the same memory.</summary>
    /// <param name="input">Of any shape, and with a gradient to come.</param>
    /// <param name="reached">Called by the backward pass, in which no exception may leave it.</param>
    public static Tensor Apply(Tensor input, Action reached)
    {
        // TorchSharp keeps an empty twin of the output; this scope disposes of it.
        using var scope = NewDisposeScope();
        return apply(input, reached).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        ctx.save_data(Reached, vars[1]);
        return (Tensor)vars[0];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        t_returned?.Dispose();
        ((Action)ctx.get_data(Reached))();
        t_returned = grad_output.DetachFromDisposeScope();
        return [grad_output, null!];
    }
}
