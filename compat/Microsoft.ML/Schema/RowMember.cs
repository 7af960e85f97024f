using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A public field or property of a row class that stands for a column.</summary>
internal sealed class RowMember
{
    private readonly MemberInfo _info;

    private RowMember(MemberInfo info) => _info = info;

    public string Name => _info.Name;

    public Type Type => _info is FieldInfo info ? info.FieldType : ((PropertyInfo)_info).PropertyType;

    public MemberInfo Info => _info;

    public string ColumnName => _info.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? _info.Name;

    public static IEnumerable<RowMember> Of(Type rowType, SchemaDefinition.Direction direction)
    {
        var fields = rowType.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !field.IsLiteral);
        var properties = rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0
                && (direction.HasFlag(SchemaDefinition.Direction.Read) && property.GetGetMethod() is not null
                    || direction.HasFlag(SchemaDefinition.Direction.Write) && property.GetSetMethod() is not null));
        return fields.Concat<MemberInfo>(properties)
            .Where(info => info.GetCustomAttribute<NoColumnAttribute>() is null)
            .Select(info => new RowMember(info))
            .Where(member => member.Type != typeof(IChannel));
    }

    public static RowMember Named(Type rowType, string name)
    {
        if (name is null)
            throw new ArgumentOutOfRangeException("userSchemaDefinition", "Null field name detected in schema definition");
        MemberInfo info = rowType.GetField(name);
        info ??= rowType.GetProperty(name);
        return info is null
            ? throw new ArgumentOutOfRangeException("userSchemaDefinition",
                $"No field or property with name '{name}' found in type '{rowType.FullName}'")
            : new RowMember(info);
    }

    /// <summary>The type of a cell's items as a column has them: text for strings, the item of arrays and vectors.</summary>
    public static (Type ItemType, bool IsVector) ItemTypeOf(Type type)
    {
        var isBuffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        var item = type.IsArray ? type.GetElementType() : isBuffer ? type.GetGenericArguments()[0] : type;
        return (item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item, type.IsArray || isBuffer);
    }

    public DataViewType InferColumnType()
    {
        var attributes = _info.GetCustomAttributes().ToList();
        attributes.OfType<DataViewTypeAttribute>().SingleOrDefault()?.Register();
        var (itemType, isVector) = ItemTypeOf(Type);
        if (DataViewTypeManager.TryGet(itemType, attributes, out var registered))
            return registered;
        if (!StandardTypes.TryGetPrimitive(itemType, out var item))
            throw new ArgumentOutOfRangeException("rawType",
                $"Could not determine an IDataView type and registered custom types for member {Name}");

        if (_info.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(itemType))
                throw new ArgumentOutOfRangeException("userType",
                    $"Member {Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(itemType, key.Count);
        }
        var vector = _info.GetCustomAttribute<VectorTypeAttribute>();
        if (vector is not null && !isVector)
            throw new ArgumentOutOfRangeException("userType",
                $"Member {Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        return !isVector ? item : vector?.Dimensions is { Length: > 0 } dimensions ? new VectorDataViewType(item, dimensions)
            : new VectorDataViewType(item);
    }

    public bool IsCompatibleWith(DataViewType type)
    {
        var (itemType, isVector) = ItemTypeOf(Type);
        return isVector == type is VectorDataViewType && type.ItemTypeOf().RawType == itemType;
    }
}
