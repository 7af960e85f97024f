using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients by the chain rule, backwards through what was recorded.</summary>
    public static unsafe partial class autograd
    {
        /// <summary>Adds the tensors' gradients to the leaves that they were computed from.</summary>
        /// <param name="tensors">What is differentiated.</param>
        /// <param name="grad_tensors">The gradient that each of them starts with; none for scalars, which start with one.</param>
        /// <param name="retain_graph">Whether the recording is kept for another pass; by default as <paramref name="create_graph"/>.</param>
        /// <param name="create_graph">Whether the pass itself is recorded, for derivatives of a higher order.</param>
        /// <param name="inputs">The leaves that get a gradient; none for all.</param>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] outputs = Handles(tensors), starts = Handles(grad_tensors), leaves = Handles(inputs);
            fixed (nint* output = outputs, start = starts, leaf = leaves)
                Check(nt_backward(output, outputs.Length, start, starts.Length, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, leaf, leaves.Length));
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of the outputs' sum with respect to each input, without touching anybody's <see cref="Tensor.grad"/>.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles(outputs), to = Handles(inputs), starts = Handles(grad_outputs);
            var results = new nint[inputs.Count];
            fixed (nint* output = from, input = to, start = starts, result = results)
                Check(nt_autograd_grad(output, from.Length, input, to.Length, start, starts.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, result));
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. results.Select(handle => handle == 0 ? null! : new Tensor(handle))];
        }

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor?.Handle ?? 0)];
    }
}
