using System;
using System.Collections.Immutable;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Vectors of one item type. A dimension of 0 is unknown; with one unknown dimension the length varies from row to row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0) : this(itemType, ImmutableArray.Create(size))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions) : this(itemType, Copy(dimensions))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions) : base(RawTypeOf(itemType))
    {
        if (dimensions.Length == 0 || dimensions.Any(d => d < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions),
                "A vector type needs at least one dimension, and none may be negative.");
        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (product, d) => checked(product * d));
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of items, or 0 where it is unknown.</summary>
    public int Size { get; }

    public bool IsKnownSize => Size > 0;

    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType vector && ItemType.Equals(vector.ItemType)
            && Dimensions.AsSpan().SequenceEqual(vector.Dimensions.AsSpan());

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => Dimensions.Aggregate(ItemType.GetHashCode(), HashCode.Combine);

    public override string ToString() => Dimensions.Length == 1
        ? Size > 0 ? $"Vector<{ItemType}, {Size}>" : $"Vector<{ItemType}>"
        : $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d > 0 ? d.ToString() : "*"))}>";

    private static Type RawTypeOf(PrimitiveDataViewType itemType) =>
        typeof(VBuffer<>).MakeGenericType((itemType ?? throw new ArgumentNullException(nameof(itemType))).RawType);

    private static ImmutableArray<int> Copy(int[] dimensions) =>
        ImmutableArray.Create(dimensions ?? throw new ArgumentNullException(nameof(dimensions)));
}
