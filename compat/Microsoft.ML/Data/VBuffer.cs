using System;
using System.Collections;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector, dense or sparse, in buffers that are meant to be used again: fill one with <see cref="VBufferEditor"/>, never keep
/// the spans of another's.
/// </summary>
public readonly struct VBuffer<T>
{
    /// <summary>The logical length, which counts the values that a sparse vector leaves out.</summary>
    public readonly int Length;

    private readonly int _count;
    private readonly T[] _values;
    private readonly int[] _indices;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((values?.Length ?? 0) < length)
            throw new ArgumentOutOfRangeException(nameof(values), "There are fewer values than the length says.");
        Length = _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException(nameof(count), "The count must be from 0 to the length.");
        if ((values?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(values), "There are fewer values than the count says.");
        if (count < length && (indices?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(indices), "There are fewer indices than the count says.");
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    /// <summary>The explicit values.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The indices of the explicit values of a sparse vector, ascending; empty for a dense one.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if (sourceIndex < 0 || sourceIndex > Length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex), "The first item is outside the vector.");
        if (length < 0 || sourceIndex > Length - length)
            throw new ArgumentOutOfRangeException(nameof(length), "The last item is outside the vector.");

        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref destination, length);
            GetValues().Slice(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        var first = FirstExplicit(sourceIndex);
        var count = FirstExplicit(sourceIndex + length) - first;
        var editor = VBufferEditor.Create(ref destination, length, count);
        GetValues().Slice(first, count).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(destinationIndex), "The vector does not fit into the destination.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Index and value of the explicit items, or of all.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var next = 0;
        for (var i = 0; i < _count; i++)
        {
            var index = IsDense ? i : _indices[i];
            for (; all && next < index; next++)
                yield return new(next, default);
            yield return new(index, _values[i]);
            next = index + 1;
        }
        for (; all && next < Length; next++)
            yield return new(next, default);
    }

    public IEnumerable<T> DenseValues()
    {
        foreach (var item in Items(all: true))
            yield return item.Value;
    }

    public T GetItemOrDefault(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index), "The index is outside the vector.");
        if (IsDense)
            return _values[index];
        var position = GetIndices().BinarySearch(index);
        return position >= 0 ? _values[position] : default;
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    /// <summary>The buffer's values, for debuggers and collection initialisers.</summary>
    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() => IsDense ? $"Dense vector of size {Length}"
        : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> Edit(int length, int count, int? maxCapacity, bool keepOldOnResize, bool requireIndicesOnDense)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException("valuesCount", "The count must be from 0 to the length.");
        var values = EnsureSize(_values, count, maxCapacity, keepOldOnResize);
        var indices = count < length || requireIndicesOnDense ? EnsureSize(_indices, count, maxCapacity, keepOldOnResize) : _indices;
        return new VBufferEditor<T>(length, count, values, indices, requireIndicesOnDense, values != _values, indices != _indices);
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, null, keepOldOnResize: false, requireIndicesOnDense: false);

    private int FirstExplicit(int index)
    {
        var position = GetIndices().BinarySearch(index);
        return position >= 0 ? position : ~position;
    }

    private static TItem[] EnsureSize<TItem>(TItem[] array, int count, int? maxCapacity, bool keepOld)
    {
        if (array is not null && array.Length >= count)
            return array;
        if (count == 0)
            return array ?? [];
        // Growing by half again at least keeps a vector of slowly growing length from allocating at every row.
        var capacity = array is null ? count : (int)Math.Min(Math.Max((long)count, array.Length + (array.Length >> 1)),
            Math.Min(maxCapacity ?? Array.MaxLength, Array.MaxLength));
        var grown = new TItem[Math.Max(count, capacity)];
        if (keepOld)
            array?.CopyTo(grown, 0);
        return grown;
    }
}
