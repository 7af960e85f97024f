using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>Reading one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <summary>The values of a column; text also as string, vectors also as arrays.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.Schema.CheckOwn(column);
        var rawType = column.Type.RawType;
        if (typeof(T) == rawType)
            return column.Type is VectorDataViewType vector
                ? (IEnumerable<T>)GenericDispatch.Invoke(Vectors<int>, vector.ItemType.RawType, data, column)
                : Read<T, T>(data, column, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)(object)Read<ReadOnlyMemory<char>, string>(data, column, value => value.ToString());
        if (typeof(T).IsArray && column.Type is VectorDataViewType { ItemType: var itemType })
        {
            var elementType = typeof(T).GetElementType();
            if (elementType == itemType.RawType)
                return (IEnumerable<T>)GenericDispatch.Invoke(Arrays<int>, elementType, data, column);
            if (elementType == typeof(string) && itemType is TextDataViewType)
                return (IEnumerable<T>)(object)Read<VBuffer<ReadOnlyMemory<char>>, string[]>(data, column, Strings);
        }
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<VBuffer<T>> Vectors<T>(IDataView data, DataViewSchema.Column column) =>
        Read<VBuffer<T>, VBuffer<T>>(data, column, value =>
    {
        VBuffer<T> copy = default;
        value.CopyTo(ref copy);
        return copy;
    });

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) => Read<VBuffer<T>, T[]>(data, column, value =>
    {
        var array = new T[value.Length];
        value.CopyTo(array);
        return array;
    });

    private static string[] Strings(VBuffer<ReadOnlyMemory<char>> value)
    {
        var texts = new string[value.Length];
        foreach (var (index, text) in value.Items(all: true))
            texts[index] = text.ToString();
        return texts;
    }

    private static IEnumerable<TOut> Read<TValue, TOut>(IDataView data, DataViewSchema.Column column, Func<TValue, TOut> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TValue>(cursor.Schema[column.Index]);
        TValue value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }
}
