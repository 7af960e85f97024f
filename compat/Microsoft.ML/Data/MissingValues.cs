using System;

namespace Microsoft.ML.Data;

/// <summary>What a missing value is: NaN in numbers, 0 in keys.</summary>
internal static class MissingValues
{
    public static bool AreKnownTo(DataViewType type) =>
        type.ItemTypeOf() is KeyDataViewType || type.ItemTypeOf() == NumberDataViewType.Single || type.ItemTypeOf() == NumberDataViewType.Double;

    /// <summary>A test whether the row's current value of a column is missing, or one item of its vector.</summary>
    public static Func<bool> CreateTest(DataViewRow row, DataViewSchema.Column column)
    {
        var item = column.Type.ItemTypeOf();
        return (Func<bool>)GenericDispatch.Invoke(CreateTest<int>, item.RawType, row, column, item is KeyDataViewType);
    }

    private static Func<bool> CreateTest<T>(DataViewRow row, DataViewSchema.Column column, bool isKey)
    {
        // 0 is the default of every key type.
        Func<T, bool> isMissing = isKey ? value => value.Equals(default(T)) : value => value is float.NaN or double.NaN;
        if (column.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<T>(row.Schema[column.Index]);
            T value = default;
            return () =>
            {
                get(ref value);
                return isMissing(value);
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(row.Schema[column.Index]);
        VBuffer<T> vector = default;
        return () =>
        {
            getVector(ref vector);
            // What a sparse vector leaves out is the default.
            if (isKey && !vector.IsDense && vector.GetValues().Length < vector.Length)
                return true;
            foreach (var value in vector.GetValues())
                if (isMissing(value))
                    return true;
            return false;
        };
    }
}
