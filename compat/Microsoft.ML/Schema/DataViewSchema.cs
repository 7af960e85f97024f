using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns of a view, in order. A later column hides an earlier one of the same name.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _indexByName = [];

    private DataViewSchema(Column[] columns)
    {
        _columns = columns;
        foreach (var column in columns)
            _indexByName[column.Name] = column.Index;
    }

    public int Count => _columns.Length;

    public Column this[string name] =>
        GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    public Column this[int columnIndex] => (uint)columnIndex < (uint)_columns.Length
        ? _columns[columnIndex]
        : throw new ArgumentOutOfRangeException(nameof(columnIndex));

    /// <summary>The visible column of that name, or null.</summary>
    public Column? GetColumnOrNull(string name)
    {
        CheckName(name);
        return _indexByName.TryGetValue(name, out var index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{Count} columns";

    // The official schema calls an empty name null.
    private static void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentNullException(nameof(name));
    }

    /// <summary>One column of a schema.</summary>
    public struct Column
    {
        internal Column(string name, int index, bool isHidden, DataViewType type, Annotations annotations)
        {
            Name = name;
            Index = index;
            IsHidden = isHidden;
            Type = type;
            Annotations = annotations ?? Annotations.Empty;
        }

        public string Name { get; }

        public int Index { get; }

        /// <summary>Whether a later column has the same name.</summary>
        public bool IsHidden { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }

        public override string ToString() => Annotations is null || Annotations.Schema.Count == 0
            ? $"{Name}: {Type}"
            : $"{Name}: {Type} {{{string.Join(", ", Annotations.Schema.Select(a => a.Name))}}}";
    }

    /// <summary>A column that does not belong to a schema yet.</summary>
    public struct DetachedColumn
    {
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            CheckName(name);
            Name = name;
            Type = type ?? throw new ArgumentNullException(nameof(type));
            Annotations = annotations ?? Annotations.Empty;
        }

        public DetachedColumn(Column column)
        {
            Name = column.Name;
            Type = column.Type;
            Annotations = column.Annotations;
        }

        public string Name { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }
    }

    /// <summary>Collects columns in order.</summary>
    public sealed class Builder
    {
        private readonly List<(string Name, DataViewType Type, Annotations Annotations)> _items = [];

        public Builder()
        {
        }

        public void AddColumn(string name, DataViewType type, Annotations annotations = null)
        {
            CheckName(name);
            ArgumentNullException.ThrowIfNull(type);
            _items.Add((name, type, annotations));
        }

        public void AddColumns(IEnumerable<Column> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public void AddColumns(IEnumerable<DetachedColumn> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public DataViewSchema ToSchema()
        {
            var last = new Dictionary<string, int>();
            for (var i = 0; i < _items.Count; i++)
                last[_items[i].Name] = i;
            return new DataViewSchema([.. _items.Select((item, i) =>
                new Column(item.Name, i, last[item.Name] != i, item.Type, item.Annotations))]);
        }
    }
}
