using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>In training, each element is zero with probability p and scaled by 1 / (1 - p) otherwise.</summary>
    public sealed class Dropout : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (_p, _inplace) = (p, inplace);

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, _p, training, _inplace);
    }

    /// <summary>A row of a learned table for each whole number.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long _paddingIndex;

        internal Embedding(long count, long dimensions, long? paddingIndex, Device? device, ScalarType? dtype) : base(nameof(Embedding))
        {
            _paddingIndex = paddingIndex is { } index ? (index + count) % count : -1;
            weight = Initial.Normal([count, dimensions], dtype, device);
            if (_paddingIndex < 0) return;
            using var untracked = no_grad();
            using var row = weight[_paddingIndex];
            row.zero_();
        }

        /// <summary>[numbers, dimensions].</summary>
        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value ?? throw new ArgumentNullException(nameof(value), "weight cannot be set to 'null'"));
        }

        public override Tensor forward(Tensor input) => Interop.Aten.embedding.Call(weight, input, _paddingIndex);
    }

    /// <summary>Several dimensions in one.</summary>
    public sealed class Flatten : nn.Module<Tensor, Tensor>
    {
        private readonly long _start, _end;

        internal Flatten(long start, long end) : base(nameof(Flatten)) => (_start, _end) = (start, end);

        public override Tensor forward(Tensor tensor) => tensor.flatten(_start, _end);
    }

    /// <summary>One dimension in several.</summary>
    public sealed class Unflatten : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;
        private readonly long[] _sizes;

        internal Unflatten(long dim, long[] sizes) : base(nameof(Unflatten)) => (_dim, _sizes) = (dim, sizes);

        public override Tensor forward(Tensor tensor) => tensor.unflatten(_dim, _sizes);
    }

    /// <summary>The greatest element of each window.</summary>
    public sealed class MaxPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _kernel;
        private readonly long[]? _stride, _padding, _dilation;
        private readonly bool _ceil;

        internal MaxPool2d(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil) : base(nameof(MaxPool2d)) =>
            (_kernel, _stride, _padding, _dilation, _ceil) = (kernel, stride, padding, dilation, ceil);

        public override Tensor forward(Tensor tensor) => nn.functional.max_pool2d(tensor, _kernel, _stride, _padding, _dilation, _ceil);
    }

    /// <summary>The mean of each window.</summary>
    public sealed class AvgPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _kernel;
        private readonly long[]? _stride, _padding;
        private readonly bool _ceil, _countPadding;
        private readonly long? _divisor;

        internal AvgPool2d(long[] kernel, long[]? stride, long[]? padding, bool ceil, bool countPadding, long? divisor) : base(nameof(AvgPool2d)) =>
            (_kernel, _stride, _padding, _ceil, _countPadding, _divisor) = (kernel, stride, padding, ceil, countPadding, divisor);

        public override Tensor forward(Tensor tensor) =>
            Interop.Aten.avg_pool2d.Call(tensor, _kernel, _stride ?? [], _padding ?? [0, 0], _ceil, _countPadding, _divisor);
    }

    /// <summary>The means of as many windows as asked for.</summary>
    public sealed class AdaptiveAvgPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _size;

        internal AdaptiveAvgPool2d(long[] size) : base(nameof(AdaptiveAvgPool2d)) => _size = size;

        public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool2d(tensor, _size);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                max_norm is null && !scale_grad_by_freq && !sparse
                    ? new(num_embeddings, embedding_dims, padding_idx, device, dtype)
                    : throw new NotSupportedException("max_norm, scale_grad_by_freq and sparse are not supported.");

            public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);

            public static Unflatten Unflatten(long dim, long[] unflattenedSize) => new(dim, unflattenedSize);

            public static MaxPool2d MaxPool2d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceilMode = false) =>
                new([kernelSize, kernelSize], Both(stride), Both(padding), Both(dilation), ceilMode);

            public static MaxPool2d MaxPool2d((long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceilMode = false) =>
                new(Convolution.Pair(kernelSize), Pair(stride), Pair(padding), Pair(dilation), ceilMode);

            public static MaxPool2d MaxPool2d(long[] kernelSize, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceilMode = false) =>
                new(kernelSize, strides, padding, dilation, ceilMode);

            public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new([kernel_size, kernel_size], Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

            public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(Convolution.Pair(kernel_size), Pair(stride), Pair(padding), ceil_mode, count_include_pad, divisor_override);

            public static AvgPool2d AvgPool2d(long[] kernel_size, long[]? strides = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(kernel_size, strides, padding, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new([outputSize, outputSize]);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new(Convolution.Pair(outputSize));

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] outputSize) => new(outputSize);

            private static long[]? Both(long? value) => value is { } one ? [one, one] : null;

            private static long[]? Pair((long, long)? values) => values is { } two ? [two.Item1, two.Item2] : null;
        }
    }
}
