using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Which column types of the user's own belong to which .NET types and attributes.</summary>
public static class DataViewTypeManager
{
    private static readonly Dictionary<(Type, DataViewTypeAttribute), DataViewType> _columnTypes = [];
    private static readonly Dictionary<DataViewType, (Type, DataViewTypeAttribute)> _rawTypes = [];
    private static readonly object _lock = new();

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        if (StandardTypes.TryGetPrimitive(type, out _))
            throw new ArgumentOutOfRangeException(nameof(type),
                $"Type {type} has a standard column type, so it can't be registered again.");

        var raw = (type, typeAttribute);
        lock (_lock)
        {
            var known = _columnTypes.TryGetValue(raw, out var columnType);
            if (known && !columnType.Equals(dataViewType))
                throw new ArgumentOutOfRangeException(nameof(type),
                    $"The raw type {type} is associated with {columnType}, so it cannot be associated with {dataViewType}.");
            if (_rawTypes.TryGetValue(dataViewType, out var rawType) && !rawType.Equals(raw))
                throw new ArgumentOutOfRangeException(nameof(dataViewType),
                    $"The column type {dataViewType} is associated with {rawType.Item1}, so it cannot be associated with {type}.");
            if (known)
                return;
            _columnTypes.Add(raw, dataViewType);
            _rawTypes.Add(dataViewType, raw);
        }
    }

    internal static bool TryGet(Type type, IEnumerable<Attribute> attributes, out DataViewType dataViewType)
    {
        var attribute = attributes?.OfType<DataViewTypeAttribute>().SingleOrDefault();
        lock (_lock)
            return _columnTypes.TryGetValue((type, attribute), out dataViewType);
    }

    internal static bool Knows(DataViewType dataViewType)
    {
        lock (_lock)
            return _rawTypes.ContainsKey(dataViewType);
    }
}
