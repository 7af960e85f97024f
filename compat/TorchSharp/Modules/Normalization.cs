using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Zero mean and unit variance over the last dimensions of each element, then a learned scale and shift.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _normalizedShape;
        private readonly double _eps;

        internal LayerNorm(long[] normalizedShape, double eps, bool elementwiseAffine, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (_normalizedShape, _eps) = (normalizedShape, eps);
            if (!elementwiseAffine) return;
            weight = new Parameter(ones(normalizedShape, dtype, device));
            if (hasBias) bias = new Parameter(zeros(normalizedShape, dtype, device));
        }

        [field: ComponentName(Name = nameof(weight))]
        public Parameter weight
        {
            get => field!;
            set => ConditionallyRegisterParameter(nameof(weight), field = (Parameter)value.DetachFromDisposeScope());
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = (Parameter?)value?.DetachFromDisposeScope());
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _normalizedShape, weight, bias, _eps);
    }

    /// <summary>Zero mean and unit variance over groups of channels of each element, then a learned scale and shift per channel.</summary>
    public sealed class GroupNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long _groups;
        private readonly double _eps;

        internal GroupNorm(long groups, long channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
        {
            (_groups, _eps) = (groups, eps);
            if (!affine) return;
            weight = new Parameter(ones(channels, dtype, device));
            bias = new Parameter(zeros(channels, dtype, device));
        }

        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value);
        }

        public override Tensor forward(Tensor tensor) => tensor.ndim >= 3
            ? nn.functional.group_norm(tensor, _groups, weight, bias, _eps)
            : throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.ndim}, it takes [N, C, ...].", nameof(tensor));
    }

    /// <summary>Zero mean and unit variance per channel over a batch [N, C] or [N, C, L]; running averages take the batch's place in evaluation.</summary>
    public sealed class BatchNorm1d : nn.Module<Tensor, Tensor>
    {
        private readonly double _eps, _momentum;

        internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype) : base(nameof(BatchNorm1d))
        {
            (_eps, _momentum) = (eps, momentum);
            if (affine)
            {
                weight = new Parameter(ones(features, dtype, device));
                bias = new Parameter(zeros(features, dtype, device));
            }
            if (!trackRunningStats) return;
            running_mean = zeros(features, dtype, device);
            running_var = ones(features, dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
            register_buffer(nameof(num_batches_tracked), num_batches_tracked);
        }

        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value);
        }

        [field: ComponentName(Name = nameof(running_mean))]
        public Tensor? running_mean
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_mean), field = value);
        }

        [field: ComponentName(Name = nameof(running_var))]
        public Tensor? running_var
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_var), field = value);
        }

        [field: ComponentName(Name = nameof(num_batches_tracked))]
        public Tensor? num_batches_tracked { get; }

        /// <summary>Forgets the running averages.</summary>
        public void reset_running_stats()
        {
            running_mean?.zero_();
            running_var?.fill_(1);
            num_batches_tracked?.zero_();
        }

        public override Tensor forward(Tensor tensor)
        {
            if (tensor.ndim is not (2 or 3))
                throw new ArgumentException($"Invalid number of dimensions for BatchNorm1d argument: {tensor.ndim}, it takes [N, C] or [N, C, L].", nameof(tensor));
            if (training) num_batches_tracked?.add_(1);
            return nn.functional.batch_norm(tensor, running_mean!, running_var!, weight, bias, training || running_mean is null, _momentum, _eps);
        }
    }

    /// <summary>Zero mean and unit variance per channel over a batch [N, C, H, W]; running averages take the batch's place in evaluation.</summary>
    public sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
    {
        private readonly double _eps, _momentum;

        internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype) : base(nameof(BatchNorm2d))
        {
            (_eps, _momentum) = (eps, momentum);
            if (affine)
            {
                weight = new Parameter(ones(features, dtype, device));
                bias = new Parameter(zeros(features, dtype, device));
            }
            if (!trackRunningStats) return;
            running_mean = zeros(features, dtype, device);
            running_var = ones(features, dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
            register_buffer(nameof(num_batches_tracked), num_batches_tracked);
        }

        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value);
        }

        [field: ComponentName(Name = nameof(running_mean))]
        public Tensor? running_mean
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_mean), field = value);
        }

        [field: ComponentName(Name = nameof(running_var))]
        public Tensor? running_var
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_var), field = value);
        }

        [field: ComponentName(Name = nameof(num_batches_tracked))]
        public Tensor? num_batches_tracked { get; }

        /// <summary>Forgets the running averages.</summary>
        public void reset_running_stats()
        {
            running_mean?.zero_();
            running_var?.fill_(1);
            num_batches_tracked?.zero_();
        }

        public override Tensor forward(Tensor tensor)
        {
            if (tensor.ndim is not (4))
                throw new ArgumentException($"Invalid number of dimensions for BatchNorm2d argument: {tensor.ndim}, it takes [N, C, H, W].", nameof(tensor));
            if (training) num_batches_tracked?.add_(1);
            return nn.functional.batch_norm(tensor, running_mean!, running_var!, weight, bias, training || running_mean is null, _momentum, _eps);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);

            public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
