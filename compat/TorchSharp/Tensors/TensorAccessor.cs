using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in row-major order, read and written where they lie. It keeps the tensor alive, but does not own it.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private Tensor? _tensor;

    internal TensorAccessor(Tensor tensor)
    {
        if (!tensor.is_cpu())
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _tensor = tensor;
    }

    public long Count => _tensor?.NumberOfElements ?? 0;

    public bool IsReadOnly => false;

    private Tensor Tensor => _tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<T>));

    /// <summary>One element: by one index into each dimension, or by its number in row-major order.</summary>
    public T this[params long[] indices]
    {
        get => Element(indices);
        set => Element(indices) = value;
    }

    private ref T Element(long[] indices)
    {
        var tensor = Tensor;
        if (indices.Length == 1 && tensor.Dimensions != 1) return ref At(tensor, indices[0]);
        var (sizes, strides) = (tensor.shape, tensor.stride());
        if (indices.Length != sizes.Length) throw new ArgumentException($"{indices.Length} indices do not fit a tensor of {sizes.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= sizes[d]) throw new IndexOutOfRangeException($"Index {indices[d]} is not in dimension {d} of size {sizes[d]}.");
            offset += indices[d] * strides[d];
        }
        return ref ((T*)tensor.Address())[offset];
    }

    /// <summary>The element of a number in row-major order, wherever the strides put it.</summary>
    private static ref T At(Tensor tensor, long number)
    {
        if (number < 0 || number >= tensor.NumberOfElements)
            throw new IndexOutOfRangeException($"The tensor has {tensor.NumberOfElements} elements, there is no number {number}.");
        var start = (T*)tensor.Address();
        if (tensor.is_contiguous()) return ref start[number];
        var (sizes, strides) = (tensor.shape, tensor.stride());
        long offset = 0;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            offset += number % sizes[d] * strides[d];
            number /= sizes[d];
        }
        return ref start[offset];
    }

    internal static T ReadItemAt(Tensor tensor, long number)
    {
        tensor.ValidateType(typeof(T));
        if (!tensor.is_cpu())
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        var value = At(tensor, number);
        GC.KeepAlive(tensor);
        return value;
    }

    public T[] ToArray()
    {
        var values = new T[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>The elements as an array of the tensor's dimensions.</summary>
    public Array ToNDArray()
    {
        var sizes = Tensor.shape;
        if (sizes.Length == 0) return ToArray();
        var array = Array.CreateInstance(typeof(T), sizes);
        fixed (byte* target = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array))
            CopyTo(new Span<T>(target, checked((int)Count)));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var tensor = Tensor;
        var count = checked((int)(Count - tensorIndex));
        var target = array[arrayIndex..];
        if (tensor.is_contiguous()) new ReadOnlySpan<T>((T*)tensor.Address() + tensorIndex, count).CopyTo(target);
        else for (var i = 0; i < count; i++) target[i] = At(tensor, tensorIndex + i);
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var tensor = Tensor;
        var source = array[arrayIndex..];
        var count = (int)Math.Min(Count - tensorIndex, source.Length);
        if (tensor.is_contiguous()) source[..count].CopyTo(new Span<T>((T*)tensor.Address() + tensorIndex, count));
        else for (var i = 0; i < count; i++) At(tensor, tensorIndex + i) = source[i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor = null;
}
