using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Distinct values with their keys: the first has key 1, and a value that is not there has 0.</summary>
internal abstract class KeyDictionary(PrimitiveDataViewType itemType)
{
    public PrimitiveDataViewType ItemType { get; } = itemType;

    public abstract int Count { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    public static KeyDictionary Create(PrimitiveDataViewType itemType) =>
        (KeyDictionary)GenericDispatch.Invoke(Create<int>, itemType.RawType, itemType);

    /// <summary>Adds the values of a column until there are as many keys as allowed.</summary>
    public abstract void Train(IDataView data, DataViewSchema.Column column, int maximumNumberOfKeys);

    public abstract void SortByValue();

    public abstract Delegate CreateGetter(DataViewRow input, DataViewSchema.Column column);

    /// <summary>The values in the order of their keys, as an annotation; with text, as text.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText);

    public abstract void Save(BinaryWriter writer);

    public abstract void Load(BinaryReader reader, int count);

    private static KeyDictionary Create<T>(PrimitiveDataViewType itemType) => new KeyDictionary<T>(itemType);
}

/// <inheritdoc/>
internal sealed class KeyDictionary<T>(PrimitiveDataViewType itemType) : KeyDictionary(itemType)
{
    private readonly List<T> _values = [];
    private readonly Dictionary<T, uint> _keys = new(KeyComparer<T>.Equality);

    public override int Count => _values.Count;

    public override void Train(IDataView data, DataViewSchema.Column column, int maximumNumberOfKeys)
    {
        using var cursor = data.GetRowCursor([column]);
        var source = cursor.Schema[column.Index];
        if (column.Type is VectorDataViewType)
        {
            var get = cursor.GetGetter<VBuffer<T>>(source);
            VBuffer<T> values = default;
            while (Count < maximumNumberOfKeys && cursor.MoveNext())
            {
                get(ref values);
                foreach (var item in values.Items(all: true))
                    if (Count < maximumNumberOfKeys)
                        Add(item.Value);
            }
        }
        else
        {
            var get = cursor.GetGetter<T>(source);
            T value = default;
            while (Count < maximumNumberOfKeys && cursor.MoveNext())
            {
                get(ref value);
                Add(value);
            }
        }
    }

    public override void SortByValue()
    {
        _values.Sort(KeyComparer<T>.Order);
        for (var i = 0; i < _values.Count; i++)
            _keys[_values[i]] = (uint)(i + 1);
    }

    public override Delegate CreateGetter(DataViewRow input, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var get = input.GetGetter<T>(column);
            T value = default;
            return (ValueGetter<uint>)((ref uint destination) =>
            {
                get(ref value);
                destination = Find(value);
            });
        }
        var getVector = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) =>
        {
            getVector(ref values);
            var editor = VBufferEditor.Create(ref destination, values.Length);
            if (!values.IsDense)
                editor.Values.Fill(Find(default));
            var explicitValues = values.GetValues();
            var indices = values.GetIndices();
            for (var i = 0; i < explicitValues.Length; i++)
                editor.Values[values.IsDense ? i : indices[i]] = Find(explicitValues[i]);
            destination = editor.Commit();
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText)
    {
        if (Count == 0)
            return;
        // Keys of keys show the values behind them, if those are known.
        if (ItemType is KeyDataViewType key
            && source.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType known
            && (ulong)known.Size == key.Count)
            GenericDispatch.Invoke(AddKeyValuesOfKeys<int>, known.ItemType.RawType, builder, source, known.ItemType, asText);
        else
            Add(builder, ItemType, _values.ToArray(), asText);
    }

    public override void Save(BinaryWriter writer)
    {
        foreach (var value in _values)
            PrimitiveCodec<T>.Write(writer, value);
    }

    public override void Load(BinaryReader reader, int count)
    {
        for (var i = 0; i < count; i++)
            Add(PrimitiveCodec<T>.Read(reader));
    }

    private static void Add<TValue>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType itemType, TValue[] values,
        bool asText)
    {
        if (asText && itemType is not TextDataViewType)
            Add(builder, TextDataViewType.Instance, Array.ConvertAll(values, value => FormattableString.Invariant($"{value}").AsMemory()),
                asText: false);
        else
            builder.Add(AnnotationKinds.KeyValues, new VectorDataViewType(itemType, values.Length), (ref VBuffer<TValue> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, values.Length);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });
    }

    private void AddKeyValuesOfKeys<TValue>(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source,
        PrimitiveDataViewType itemType, bool asText)
    {
        VBuffer<TValue> known = default;
        source.GetKeyValues(ref known);
        Add(builder, itemType, Array.ConvertAll(_values.ToArray(), key => known.GetItemOrDefault(Convert.ToInt32(key) - 1)), asText);
    }

    private uint Find(T value) => _keys.TryGetValue(value, out var key) ? key : 0;

    private void Add(T value)
    {
        if (KeyComparer<T>.IsMissing(value, ItemType) || !_keys.TryAdd(value, (uint)_values.Count + 1))
            return;
        // The source's memory may be a buffer that the next row overwrites.
        _values.Add(value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value);
        if (value is ReadOnlyMemory<char>)
        {
            _keys.Remove(value);
            _keys.Add(_values[^1], (uint)_values.Count);
        }
    }
}

/// <summary>How values are compared: text by its characters, ordinally.</summary>
internal static class KeyComparer<T>
{
    public static IEqualityComparer<T> Equality { get; } =
        typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)new TextEquality() : EqualityComparer<T>.Default;

    public static IComparer<T> Order { get; } = typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (IComparer<T>)(object)Comparer<ReadOnlyMemory<char>>.Create((a, b) => a.Span.SequenceCompareTo(b.Span))
        : Comparer<T>.Default;

    /// <summary>Empty text, NaN and key 0 get no key.</summary>
    public static bool IsMissing(T value, DataViewType type) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float single => float.IsNaN(single),
        double number => double.IsNaN(number),
        _ => type is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    private sealed class TextEquality : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}
