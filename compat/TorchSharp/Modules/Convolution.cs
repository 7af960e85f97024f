using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>What two-dimensional convolutions have in common: their weights and their geometry, height before width.</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        protected long input_channels;

        private protected Convolution(string name, long inputs) : base(name) => input_channels = inputs;

        /// <summary>Whether the input has the right number of channels, with a batch dimension or without.</summary>
        /// <param name="input">[N, C, ...] or [C, ...].</param>
        /// <param name="dimensions">How many dimensions follow the channels.</param>
        protected bool ValidateShape(Tensor input, long dimensions)
        {
            var sizes = input.shape;
            return (sizes.Length == dimensions + 2 && sizes[1] == input_channels) || (sizes.Length == dimensions + 1 && sizes[0] == input_channels);
        }

        private protected void Refuse(Tensor input) => throw new ArgumentException(
            $"Expected 3D (unbatched) or 4D (batched) input with {input_channels} channels to {GetName()}, not [{string.Join(", ", input.shape)}].", nameof(input));

        internal static long[] Pair((long, long) values) => [values.Item1, values.Item2];
    }

    /// <summary>Cross-correlation of images [N, C, H, W] with learned kernels.</summary>
    public sealed class Conv2d : Convolution
    {
        private readonly long[] _stride, _padding, _dilation;
        private readonly long _groups;
        private readonly PaddingModes _paddingMode;

        internal Conv2d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, PaddingModes paddingMode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), inputs)
        {
            (_stride, _padding, _dilation, _paddingMode, _groups) = (stride, padding, dilation, paddingMode, groups);
            var bound = 1 / Math.Sqrt(inputs / groups * kernel[0] * kernel[1]);
            weight = Initial.Uniform([outputs, inputs / groups, .. kernel], bound, dtype, device);
            if (bias) this.bias = Initial.Uniform([outputs], bound, dtype, device);
        }

        /// <summary>[outputs, inputs / groups, height, width].</summary>
        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value ?? throw new ArgumentNullException(nameof(value), "weight cannot be set to 'null'"));
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value ?? throw new ArgumentNullException(nameof(value), "bias cannot be set to 'null'"));
        }

        public override Tensor forward(Tensor input)
        {
            if (!ValidateShape(input, 2)) Refuse(input);
            if (_paddingMode is PaddingModes.Zeros) return nn.functional.conv2d(input, weight!, bias, _stride, _padding, _dilation, _groups);
            // Padding is listed from the last dimension backwards, before and after.
            using var padded = nn.functional.pad(input, [_padding[1], _padding[1], _padding[0], _padding[0]], _paddingMode);
            return nn.functional.conv2d(padded, weight!, bias, _stride, [0, 0], _dilation, _groups);
        }
    }

    /// <summary>The transpose of <see cref="Conv2d"/>: it spreads each pixel over a kernel.</summary>
    public sealed class ConvTranspose2d : Convolution
    {
        private readonly long[] _stride, _padding, _outputPadding, _dilation;
        private readonly long _groups;

        internal ConvTranspose2d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] outputPadding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d), inputs)
        {
            (_stride, _padding, _outputPadding, _dilation, _groups) = (stride, padding, outputPadding, dilation, groups);
            var bound = 1 / Math.Sqrt(outputs / groups * kernel[0] * kernel[1]);
            weight = Initial.Uniform([inputs, outputs / groups, .. kernel], bound, dtype, device);
            if (bias) this.bias = Initial.Uniform([outputs], bound, dtype, device);
        }

        /// <summary>[inputs, outputs / groups, height, width].</summary>
        [field: ComponentName(Name = nameof(weight))]
        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value ?? throw new ArgumentNullException(nameof(value), "weight cannot be set to 'null'"));
        }

        [field: ComponentName(Name = nameof(bias))]
        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value ?? throw new ArgumentNullException(nameof(value), "bias cannot be set to 'null'"));
        }

        public override Tensor forward(Tensor input)
        {
            if (!ValidateShape(input, 2)) Refuse(input);
            return nn.functional.conv_transpose2d(input, weight!, bias, _stride, _padding, _outputPadding, _dilation, _groups);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernelSize, kernelSize], [stride, stride], [padding, padding], [dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Convolution.Pair(kernelSize), Convolution.Pair(stride ?? (1, 1)), Convolution.Pair(padding ?? (0, 0)), Convolution.Pair(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                ConvTranspose2d(in_channels, out_channels, (kernelSize, kernelSize), (stride, stride), (padding, padding), (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                padding_mode is PaddingModes.Zeros
                    ? new(in_channels, out_channels, Convolution.Pair(kernelSize), Convolution.Pair(stride ?? (1, 1)), Convolution.Pair(padding ?? (0, 0)), Convolution.Pair(output_padding ?? (0, 0)), Convolution.Pair(dilation ?? (1, 1)), groups, bias, device, dtype)
                    : throw new ArgumentException("A transposed convolution pads with zeros only.", nameof(padding_mode));
        }
    }
}
