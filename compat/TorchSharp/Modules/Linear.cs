using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x Wᵀ + b over the last dimension; one fused product at any rank.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            weight = Initial.Uniform([outputSize, inputSize], bound, dtype, device);
            if (hasBias) bias = Initial.Uniform([outputSize], bound, dtype, device);
        }

        /// <summary>[outputs, inputs].</summary>
        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value ?? throw new ArgumentNullException(nameof(value), "weight cannot be set to 'null'"));
        }

        /// <summary>[outputs], or none.</summary>
        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value ?? throw new ArgumentNullException(nameof(value), "bias cannot be set to 'null'"));
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight!, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
