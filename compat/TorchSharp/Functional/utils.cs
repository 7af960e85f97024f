using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Gradients and parameters taken together.</summary>
        public static partial class utils
        {
            /// <summary>Scales all gradients down so that their norm, taken together, is at most <paramref name="max_norm"/>, and gives the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var untracked = no_grad();
                var gradients = Gradients(tensors);
                if (gradients.Length == 0) return 0;
                var norms = double.IsPositiveInfinity(norm_type)
                    ? [.. gradients.Select(gradient => gradient.abs().max())]
                    : Aten._foreach_norm_Scalar.List(gradients, norm_type);
                var together = stack(norms);
                var norm = (double.IsPositiveInfinity(norm_type) ? together.max() : Aten.norm_Scalar.Call(together, norm_type)).ToDouble();
                var factor = max_norm / (norm + 1e-6);
                if (factor < 1) Aten._foreach_mul__Scalar.Run(gradients, factor);
                return norm;
            }

            /// <summary>Limits every element of every gradient to ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var untracked = no_grad();
                foreach (var gradient in Gradients(tensors)) gradient.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            /// <summary>All parameters' elements in one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat([.. tensors.Select(parameter => parameter.reshape(-1))]).MoveToOuterDisposeScope();
            }

            /// <summary>The elements of a vector back into the parameters.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var untracked = no_grad();
                var next = 0L;
                foreach (var parameter in tensors)
                {
                    var count = parameter.numel();
                    parameter.copy_(vec.narrow(0, next, count).view(parameter.shape));
                    next += count;
                }
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        }
    }
}
