using System;

namespace Microsoft.ML.Data;

/// <summary>Makes editors, which write a vector into the buffers of another.</summary>
public static class VBufferEditor
{
    /// <summary>An editor of the same length and the same explicit values.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) => destination.Edit();

    /// <summary>An editor of another length, on the destination's buffers if they are large enough. Its values are not cleared.</summary>
    public static VBufferEditor<T> Create<T>(scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false) =>
        destination.Edit(newLogicalLength, valuesCount ?? newLogicalLength, maxValuesCapacity, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>The writable buffers of a vector to be. Nothing is changed before <see cref="Commit"/>'s result is assigned.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool requireIndicesOnDense, bool createdNewValues,
        bool createdNewIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || requireIndicesOnDense ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    /// <summary>The vector with the first so many of the values.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount) => physicalValuesCount <= Values.Length
        ? new(_length, physicalValuesCount, _values, _indices)
        : throw new ArgumentOutOfRangeException(nameof(physicalValuesCount), "The count cannot be greater than the editor's.");
}
