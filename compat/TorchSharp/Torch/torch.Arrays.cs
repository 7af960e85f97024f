using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static unsafe partial class torch
{
    // How .NET arrays and single values become tensors.

    /// <summary>A tensor over the array's own memory, which stays pinned for as long as the tensor lives; a copy where type or device differ.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, Lengths(rawArray), dtype, device, requires_grad, names, share: true);

    public static Tensor from_array(Array rawArray, Device? device = null) => FromArray(rawArray, Lengths(rawArray), null, device ?? CPU, false, null, share: true);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        dtype is null && device is null ? data.alias() : data.to(dtype ?? data.dtype, device ?? data.device);

    /// <summary>A one-dimensional tensor over part of an array's own memory.</summary>
    /// <param name="rawArray">The array; it stays pinned for as long as the tensor lives.</param>
    /// <param name="dtype">The type of the tensor's elements; other than the array's, it makes a copy.</param>
    /// <param name="count">How many elements; -1 for all from the offset on.</param>
    /// <param name="offset">The first element.</param>
    /// <param name="requires_grad">Whether the tensor requires a gradient.</param>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength) throw new ArgumentException($"invalid value for 'offset': {offset}", nameof(offset));
        if (count < 0) count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        var element = TypeOf(rawArray.GetType().GetElementType()!);
        var shared = Share(rawArray, element, [count], offset);
        return Finish(dtype == element ? shared : shared.to_type(dtype, disposeAfter: true), requires_grad);
    }

    private static long[] Lengths(Array array) => [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];

    private static Tensor Single(Scalar value, ScalarType dtype, Device? device, bool requires_grad) =>
        Finish(Aten.scalar_tensor.Call(value, dtype, Argument.None, InitializeDevice(device)), requires_grad);

    private static Tensor FromArray(Array source, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names, bool share)
    {
        long count = 1;
        foreach (var length in dimensions) count *= length;
        if (count != source.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {source.LongLength}");
        var element = TypeOf(source.GetType().GetElementType()!);
        var type = dtype ?? element;
        device = InitializeDevice(device);
        var made = share ? Share(source, element, dimensions, 0) : Copy(source, element, dimensions);
        if (type != element || device.type != DeviceType.CPU)
        {
            var moved = made.to(type, device);
            made.Dispose();
            made = moved;
        }
        return Finish(made, requires_grad, names);
    }

    private static Tensor Copy(Array source, ScalarType element, ReadOnlySpan<long> dimensions)
    {
        var made = Aten.empty_memory_format.Call(dimensions, element, Argument.None, CPU);
        var bytes = source.LongLength * made.ElementSize;
        fixed (byte* from = &MemoryMarshal.GetArrayDataReference(source))
            Buffer.MemoryCopy(from, made.Address(), bytes, bytes);
        return made;
    }

    private static Tensor Share(Array source, ScalarType element, ReadOnlySpan<long> dimensions, long offset)
    {
        if (source.LongLength == 0) return Copy(source, element, dimensions);
        var pin = GCHandle.Alloc(source, GCHandleType.Pinned);
        var width = (long)ElementWidth(element);
        fixed (long* sizes = dimensions)
        {
            var handle = nt_from_memory((byte*)pin.AddrOfPinnedObject() + (offset * width), sizes, dimensions.Length, (int)element, &Unpin, GCHandle.ToIntPtr(pin));
            if (handle != 0) return new Tensor(handle);
            pin.Free();
            throw Failure();
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    internal static int ElementWidth(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.ComplexFloat64 => 16,
        _ => 8,
    };
}
