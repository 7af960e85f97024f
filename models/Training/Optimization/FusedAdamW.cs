using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101; beta 0.9 and 0.999, epsilon 1e-8) as libtorch's one kernel for all weights of a group.
/// TorchSharp's own optimiser calls six operators for each weight.
/// </summary>
static class FusedAdamW
{
    // TorchSharp has no binding of the kernel, but TorchScript has. The unit is small and lives as long as the process.
    static readonly Lazy<jit.CompilationUnit> s_script = new(() =>
        jit.compile(
            """
            def step(weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor], rate: float, decay: float) -> int:
                torch._foreach_add_(steps, 1)
                torch._fused_adamw_(weights, gradients, means, squares, [], steps, lr=rate, beta1=0.9, beta2=0.999, weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
                return 0

            """
        )
    );

    /// <summary>Changes weights by one step.</summary>
    /// <param name="states">Of those weights that have a gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The share of the rate that is taken off each weight.</param>
    public static void Step(IReadOnlyList<State> states, double rate, double decay)
    {
        if (states.Count == 0)
            return;
        using var gradients = no_grad();
        _ = s_script.Value.invoke(
            "step",
            Each(state => state.Weight),
            Each(state => state.Weight.grad!),
            Each(state => state.Mean),
            Each(state => state.Square),
            Each(state => state.Steps),
            rate,
            decay
        );

        Tensor[] Each(Func<State, Tensor> choose) => [.. states.Select(choose)];
    }

    /// <summary>One weight and what the optimiser remembers of its gradients.</summary>
    public sealed class State : IDisposable
    {
        public State(Tensor weight)
        {
            using var gradients = no_grad();
            Weight = weight;
            (Mean, Square) = (zeros_like(weight).DetachFromDisposeScope(), zeros_like(weight).DetachFromDisposeScope());
            // The kernel wants a float32 of its own for each weight; it is exact up to 16 million steps.
            Steps = zeros([], dtype: ScalarType.Float32, device: weight.device).DetachFromDisposeScope();
        }

        public Tensor Weight { get; }

        /// <summary>The moving average of the gradients.</summary>
        public Tensor Mean { get; }

        /// <summary>The moving average of the gradients' squares.</summary>
        public Tensor Square { get; }

        /// <summary>How many steps were done, a scalar.</summary>
        public Tensor Steps { get; }

        public void Dispose()
        {
            Mean.Dispose();
            Square.Dispose();
            Steps.Dispose();
        }
    }
}
