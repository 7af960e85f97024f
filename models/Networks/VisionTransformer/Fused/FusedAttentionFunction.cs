using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using NoisyNN.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>The fused attention in the autograd graph.</summary>
sealed class FusedAttentionFunction : autograd.SingleTensorFunction<FusedAttentionFunction>
{
    const string InputCount = nameof(InputCount);

    // The tensors that backward returns must live until libtorch, its caller, has taken its own reference.
    [ThreadStatic]
    static List<Tensor>? t_returned;

    /// <inheritdoc/>
    public override string Name => nameof(FusedAttention);

    /// <inheritdoc cref="FusedAttention.Apply"/>
    public static Tensor Apply(Tensor queries, Tensor keysValues)
    {
        // TorchSharp keeps an empty twin of the output; this scope disposes of it.
        using var scope = NewDisposeScope();
        var output = ReferenceEquals(queries, keysValues) ? apply(queries) : apply(queries, keysValues);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (queries, keysValues) = ((Tensor)vars[0], (Tensor)vars[^1]);
        var sizes = queries.shape;
        var statistics = empty(sizes[0], sizes[3], sizes[1], 2, dtype: ScalarType.Float32);
        // Otherwise libtorch would create zeros for a missing gradient, after the twin.
        ctx.set_materialize_grads(false);
        ctx.save_data(InputCount, vars.Length);
        ctx.save_for_backward([.. vars.Cast<Tensor>(), statistics]);
        return FusedAttention.Forward(queries, keysValues, statistics);
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "libtorch calls this, and an exception must not cross its frames.")]
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        t_returned?.ForEach(tensor => tensor?.Dispose());
        using var scope = NewDisposeScope();
        try
        {
            t_returned = Gradients(ctx, grad_output);
        }
        catch (Exception exception)
        {
            Trace.TraceError($"The backward pass of the fused attention failed: {exception}");
            // libtorch refuses gradients of this shape, so that the caller of backward() gets an exception of its own.
            t_returned = [.. Enumerable.Range(0, (int)ctx.get_data(InputCount)).Select(_ => empty(0))];
        }
        grad_output.Dispose();
        t_returned.ForEach(tensor => tensor?.MoveToOuterDisposeScope());
        return t_returned;
    }

    static List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor outputGradient)
    {
        var saved = ctx.get_saved_variables();
        var (queries, keysValues, statistics) = (saved[0], saved[^2], saved[^1]);
        List<Tensor> inputs = [.. saved.SkipLast(1)];
        if (outputGradient.IsInvalid)
            return [.. inputs.Select(_ => (Tensor)null!)];
        // Only second derivatives need a graph. The kernel records none; operators do.
        if (is_grad_enabled())
            return RecordedGradients(queries, keysValues, outputGradient, isPacked: inputs.Count == 1);
        List<Tensor> gradients = [.. inputs.Select(input => empty_like(input))];
        FusedAttention.Backward(queries, keysValues, statistics, outputGradient.contiguous(), gradients[0], gradients[^1]);
        return gradients;
    }

    /// <summary>The gradients by libtorch's operators, float32 inside.</summary>
    static List<Tensor> RecordedGradients(Tensor queries, Tensor keysValues, Tensor outputGradient, bool isPacked)
    {
        var (sizes, parts, type) = (queries.shape, keysValues.shape[2], queries.dtype);
        var scale = Math.Pow(sizes[4], -0.5);
        var query = Part(queries, 0);
        var key = Part(keysValues, parts - 2);
        var value = Part(keysValues, parts - 1);
        var gradient = Part(outputGradient.reshape(sizes[0], sizes[1], 1, sizes[3], sizes[4]), 0);

        var probabilities = (Product(query, key.transpose(-2, -1)) * scale).softmax(-1);
        var probabilityGradient = Product(gradient, value.transpose(-2, -1));
        var mean = (probabilities * probabilityGradient).sum([-1L], keepdim: true);
        var scoreGradient = probabilities * (probabilityGradient - mean) * scale;
        var queryGradient = Product(scoreGradient, key);
        var keyGradient = Product(scoreGradient.transpose(-2, -1), query);
        var valueGradient = Product(probabilities.transpose(-2, -1), gradient);
        return isPacked ? [Pack(queryGradient, keyGradient, valueGradient)] : [Pack(queryGradient), Pack(keyGradient, valueGradient)];

        static Tensor Product(Tensor left, Tensor right) => Products.Matmul(left, right, Precision.Float32);

        // [N, T, parts, heads, D] to [N, heads, T, D] and back.
        static Tensor Part(Tensor packed, long part) => packed.select(2, part).transpose(1, 2).to_type(ScalarType.Float32);
        Tensor Pack(params Tensor[] heads) => stack(heads.Select(head => head.transpose(1, 2)), 2).to_type(type);
    }
}
