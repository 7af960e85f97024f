using System;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Holds the object that a row is on, or null.</summary>
internal sealed class CurrentRow<TRow> where TRow : class
{
    public TRow Value;

    public TRow Get() => Value ?? throw new InvalidOperationException(
        "Values can only be fetched while the cursor is on a row: after MoveNext returned true and before it returns false.");
}

/// <summary>Getters that read the members of row objects as columns.</summary>
internal sealed class RowGetters<TRow>(CurrentRow<TRow> row) where TRow : class
{
    public Delegate Create(RowSchema.Bound column)
    {
        var member = column.Member;
        var itemType = column.Type.ItemTypeOf().RawType;
        if (member.Type == typeof(string))
            return Text(member);
        if (member.Type == typeof(string[]))
            return Texts(member);
        if (member.Type.IsArray)
            return (Delegate)GenericDispatch.Invoke(Array<int>, itemType, member);
        if (column.Type is VectorDataViewType)
            return (Delegate)GenericDispatch.Invoke(Vector<int>, itemType, member);
        // An image type that no attribute registered, as one without a size.
        if (column.Type is StructuredDataViewType && !DataViewTypeManager.Knows(column.Type))
            throw new NotSupportedException($"Type '{column.Type.RawType}' is not yet supported.");
        return column.Type is KeyDataViewType key
            ? (Delegate)GenericDispatch.Invoke(Key<uint>, itemType, member, key)
            : (Delegate)GenericDispatch.Invoke(Direct<int>, itemType, member);
    }

    private ValueGetter<ReadOnlyMemory<char>> Text(RowMember member)
    {
        var read = MemberAccess<TRow, string>.Reader(member.Info);
        return (ref ReadOnlyMemory<char> destination) => destination = read(row.Get()).AsMemory();
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts(RowMember member)
    {
        var read = MemberAccess<TRow, string[]>.Reader(member.Info);
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var texts = read(row.Get()) ?? [];
            var editor = VBufferEditor.Create(ref destination, texts.Length);
            for (var i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            destination = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<T>> Array<T>(RowMember member)
    {
        var read = MemberAccess<TRow, T[]>.Reader(member.Info);
        return (ref VBuffer<T> destination) =>
        {
            var values = read(row.Get()) ?? [];
            var editor = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(editor.Values);
            destination = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<T>> Vector<T>(RowMember member)
    {
        var read = MemberAccess<TRow, VBuffer<T>>.Reader(member.Info);
        return (ref VBuffer<T> destination) => read(row.Get()).CopyTo(ref destination);
    }

    // A member that is a key counts from 0, a key column from 1; what is out of range is missing, 0.
    private ValueGetter<T> Key<T>(RowMember member, KeyDataViewType type) where T : unmanaged, IBinaryInteger<T>
    {
        var read = MemberAccess<TRow, T>.Reader(member.Info);
        var count = type.Count;
        return (ref T destination) =>
        {
            var value = read(row.Get());
            destination = ulong.CreateTruncating(value) < count ? value + T.One : T.Zero;
        };
    }

    private ValueGetter<T> Direct<T>(RowMember member)
    {
        var read = MemberAccess<TRow, T>.Reader(member.Info);
        return (ref T destination) => destination = read(row.Get());
    }
}
