using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    // Activations: functions without parameters.

    /// <summary>x * Phi(x), Phi the normal distribution function, exactly.</summary>
    public sealed class GELU : nn.Module<Tensor, Tensor>
    {
        internal GELU() : base(nameof(GELU))
        {
        }

        public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor);
    }

    /// <summary>max(0, x).</summary>
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace) : base(nameof(ReLU)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);
    }

    /// <summary>x * sigmoid(x).</summary>
    public sealed class SiLU : nn.Module<Tensor, Tensor>
    {
        internal SiLU() : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    public sealed class Sigmoid : nn.Module<Tensor, Tensor>
    {
        internal Sigmoid() : base(nameof(Sigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => nn.functional.sigmoid(tensor);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public sealed class Tanh : nn.Module<Tensor, Tensor>
    {
        internal Tanh() : base(nameof(Tanh))
        {
        }

        public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor);
    }

    /// <summary>log(1 + exp(beta x)) / beta, x itself where beta x is above the threshold.</summary>
    public sealed class Softplus : nn.Module<Tensor, Tensor>
    {
        private readonly double _beta;
        private readonly double _threshold;

        internal Softplus(double beta, double threshold) : base(nameof(Softplus)) => (_beta, _threshold) = (beta, threshold);

        public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, _beta, _threshold);
    }

    /// <summary>x, or negative_slope * x below zero.</summary>
    public sealed class LeakyReLU : nn.Module<Tensor, Tensor>
    {
        private readonly double _negativeSlope;
        private readonly bool _inplace;

        internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU)) => (_negativeSlope, _inplace) = (negative_slope, inplace);

        public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, _negativeSlope, _inplace);
    }

    /// <summary>exp(x), divided by its sum along a dimension.</summary>
    public sealed class Softmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal Softmax(long dim) : base(nameof(Softmax)) => _dim = dim;

        public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, _dim);
    }

    /// <summary>The logarithm of softmax.</summary>
    public sealed class LogSoftmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => _dim = dim;

        public override Tensor forward(Tensor tensor) => nn.functional.log_softmax(tensor, _dim);
    }

    /// <summary>What comes in, under a new handle.</summary>
    public sealed class Identity : nn.Module<Tensor, Tensor>
    {
        internal Identity() : base(nameof(Identity))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static GELU GELU() => new();

            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static SiLU SiLU() => new();

            public static Sigmoid Sigmoid() => new();

            public static Tanh Tanh() => new();

            public static Softplus Softplus(double beta = 1.0, double threshold = 20.0) => new(beta, threshold);

            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static Softmax Softmax(long dim) => new(dim);

            public static LogSoftmax LogSoftmax(long dim) => new(dim);

            public static Identity Identity() => new();
        }
    }
}
