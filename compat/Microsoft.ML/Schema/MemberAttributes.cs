using System;

namespace Microsoft.ML.Data;

/// <summary>Gives the column another name than the member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name) => Name = name;

    internal string Name { get; }
}

/// <summary>Makes an unsigned integer member a key column. As input, the member's values count from 0.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    /// <summary>Refused, as in the official package: a key needs its number of categories.</summary>
    public KeyTypeAttribute() => throw new NotSupportedException("Using KeyType without the Count parameter is not supported");

    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}

/// <summary>Leaves the member out of the schema.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute
{
    public NoColumnAttribute()
    {
    }
}

/// <summary>Gives a vector member its size or its dimensions.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute()
    {
    }

    public VectorTypeAttribute(int size) => Dimensions = [size];

    public VectorTypeAttribute(params int[] dimensions) => Dimensions = dimensions;

    internal int[] Dimensions { get; }
}
