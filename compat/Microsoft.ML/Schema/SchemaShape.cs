using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before data is seen: names, item types and whether they are vectors, but no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape _empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
        if (_columns.Any(column => column.Name is null))
            throw new ArgumentOutOfRangeException(nameof(columns), "Some items are not initialized properly.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema) =>
        new(schema.Where(column => !column.IsHidden).Select(column => new Column(column.Name, column.Type, Of(column.Annotations))));

    internal bool TryFind(string name, out Column column)
    {
        column = _columns.FirstOrDefault(c => c.Name == name);
        return column.Name is not null;
    }

    /// <summary>This shape with columns added, each in the place of the one of the same name, if there is one.</summary>
    internal SchemaShape With(params Column[] added)
    {
        var columns = _columns.ToList();
        foreach (var column in added)
        {
            var index = columns.FindIndex(c => c.Name == column.Name);
            if (index < 0)
                columns.Add(column);
            else
                columns[index] = column;
        }
        return new SchemaShape(columns);
    }

    private static SchemaShape Of(DataViewSchema.Annotations annotations) => annotations.Schema.Count == 0
        ? _empty
        : new SchemaShape(annotations.Schema.Select(column => new Column(column.Name, column.Type)));

    /// <summary>One column of a shape.</summary>
    public struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? _empty;
        }

        internal Column(string name, DataViewType type, SchemaShape annotations = null)
        {
            Name = name;
            Kind = type is VectorDataViewType vector ? vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector
                : VectorKind.Scalar;
            ItemType = type.ItemTypeOf();
            IsKey = ItemType is KeyDataViewType;
            if (IsKey && StandardTypes.TryGetPrimitive(ItemType.RawType, out var number))
                ItemType = number;
            Annotations = annotations ?? _empty;
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        internal string TypeName
        {
            get
            {
                var item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
                return Kind switch { VectorKind.Vector => $"Vector<{item}>", VectorKind.VariableVector => $"VarVector<{item}>", _ => item };
            }
        }
    }
}
