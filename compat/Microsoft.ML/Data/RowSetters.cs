using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>Setters that write the columns of a row into the members of row objects.</summary>
internal static class RowSetters<TRow> where TRow : class
{
    /// <summary>The columns of a schema that the definition's members take.</summary>
    public static List<(RowMember Member, DataViewSchema.Column Column)> Bind(DataViewSchema schema, SchemaDefinition definition,
        bool ignoreMissingColumns,
        SchemaDefinition.Direction direction = SchemaDefinition.Direction.Write)
    {
        var bound = new List<(RowMember, DataViewSchema.Column)>();
        foreach (var item in definition ?? SchemaDefinition.Create(typeof(TRow), direction))
        {
            var member = RowMember.Named(typeof(TRow), item.MemberName);
            var name = string.IsNullOrEmpty(item.ColumnName) ? item.MemberName : item.ColumnName;
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw SchemaMismatch.Missing("Schema", "", name);
            }
            if (!member.IsCompatibleWith(column.Type))
                throw new InvalidOperationException(
                    $"Can't bind the IDataView column '{name}' of type '{column.Type}' to field or property '{member.Name}' of type "
                        + $"'{member.Type.FullName}'.");
            bound.Add((member, column));
        }
        return bound;
    }

    public static Action<TRow>[] Create(List<(RowMember Member, DataViewSchema.Column Column)> bound, DataViewRow row)
    {
        var setters = new Action<TRow>[bound.Count];
        for (var i = 0; i < setters.Length; i++)
            setters[i] = Create(bound[i].Member, row, bound[i].Column);
        return setters;
    }

    private static Action<TRow> Create(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var itemType = column.Type.ItemTypeOf().RawType;
        if (member.Type == typeof(string))
            return Text(member, row, column);
        if (member.Type == typeof(string[]))
            return Texts(member, row, column);
        if (member.Type.IsArray)
            return (Action<TRow>)GenericDispatch.Invoke(Array<int>, itemType, member, row, column);
        return column.Type is VectorDataViewType
            ? (Action<TRow>)GenericDispatch.Invoke(Vector<int>, itemType, member, row, column)
            : (Action<TRow>)GenericDispatch.Invoke(Direct<int>, itemType, member, row, column);
    }

    private static Action<TRow> Text(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        var write = MemberAccess<TRow, string>.Writer(member.Info);
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> Texts(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var write = MemberAccess<TRow, string[]>.Writer(member.Info);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            get(ref value);
            var texts = new string[value.Length];
            foreach (var (index, text) in value.Items(all: true))
                texts[index] = text.ToString();
            write(target, texts);
        };
    }

    // The array that the row object has is used again if its length fits.
    private static Action<TRow> Array<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var read = MemberAccess<TRow, T[]>.Reader(member.Info);
        var write = MemberAccess<TRow, T[]>.Writer(member.Info);
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            var array = read(target);
            if (array is null || array.Length != value.Length)
                array = new T[value.Length];
            value.CopyTo(array);
            write(target, array);
        };
    }

    private static Action<TRow> Vector<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var read = MemberAccess<TRow, VBuffer<T>>.Reader(member.Info);
        var write = MemberAccess<TRow, VBuffer<T>>.Writer(member.Info);
        return target =>
        {
            var value = read(target);
            get(ref value);
            write(target, value);
        };
    }

    private static Action<TRow> Direct<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        var write = MemberAccess<TRow, T>.Writer(member.Info);
        T value = default;
        return target =>
        {
            get(ref value);
            write(target, value);
        };
    }
}
