using System;

namespace Microsoft.ML.Data;

/// <summary>
/// A category: an unsigned integer whose raw values 1 to <see cref="Count"/> name the categories and whose raw value 0 means missing.
/// </summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count) : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentOutOfRangeException(nameof(type), "Type is not valid, it must be byte, ushort, uint, or ulong.");
        if (count == 0 || count > MaxCount(type))
            throw new ArgumentOutOfRangeException(nameof(count),
                $"The cardinality of a {nameof(KeyDataViewType)} must be from 1 to the largest value of {type}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count) : this(type, checked((ulong)RequirePositive(count)))
    {
    }

    /// <summary>The number of categories.</summary>
    public ulong Count { get; }

    public static bool IsValidDataType(Type type) =>
        type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    internal static ulong MaxCount(Type type) =>
        type == typeof(uint) ? uint.MaxValue : type == typeof(ulong) ? ulong.MaxValue : type == typeof(ushort) ? ushort.MaxValue
            : byte.MaxValue;

    public override bool Equals(DataViewType other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static int RequirePositive(int count) =>
        count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), "The cardinality of a key must be positive.");
}
