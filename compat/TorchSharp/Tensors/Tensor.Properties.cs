using System.Globalization;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // What a tensor is: its shape, type, place and layout in memory.
    public unsafe partial class Tensor
    {
        // ---- shape

        public long[] shape
        {
            get
            {
                var sizes = new long[nt_dim(Handle)];
                fixed (long* first = sizes) nt_sizes(_handle, first);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <summary>The size of one dimension; negative numbers count from the last.</summary>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[Position(dim, sizes.Length)];
        }

        public long Dimensions => Keep(nt_dim(Handle));

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Keep(nt_numel(Handle));

        public long numel() => NumberOfElements;

        public long[] stride()
        {
            var strides = new long[nt_dim(Handle)];
            fixed (long* first = strides) nt_strides(_handle, first);
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[Position(dim, strides.Length)];
        }

        public long storage_offset() => Keep(nt_storage_offset(Handle));

        public bool is_contiguous() => Keep(nt_is_contiguous(Handle)) != 0;

        private static int Position(int dim, int dimensions) =>
            dim >= -dimensions && dim < dimensions ? (dim + dimensions) % dimensions
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {dimensions} dimensions.");

        // ---- type

        public ScalarType dtype => (ScalarType)Keep(nt_dtype(Handle));

        public long ElementSize => Keep(nt_element_size(Handle));

        public long element_size() => ElementSize;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        // ---- place

        public DeviceType device_type => (DeviceType)Keep(nt_device_type(Handle));

        public int device_index => Keep(nt_device_index(Handle));

        public Device device => new(device_type, device_index);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        /// <summary>The value, once it was read: until then the tensor must not be collected.</summary>
        private T Keep<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }

        // ---- equality

        /// <summary>Whether both have the same shape and elements; == compares element by element instead.</summary>
        public bool Equals(Tensor target) => target is not null && Aten.equal.Truth(this, target);

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        /// <summary>Shape, type and device, as in "[2x3], type = Float32, device = cpu".</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = {device}");
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static long numel(Tensor input) => input.numel();
}
