using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the members of a row class become columns, and columns become members.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(column => column.ColumnName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.ColumnName != columnName)
                throw new ArgumentOutOfRangeException(nameof(columnName),
                    $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            var index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in RowMember.Of(userType, direction))
        {
            if (!names.Add(member.ColumnName))
                throw new ArgumentOutOfRangeException(nameof(userType),
                    $"Duplicate column name '{member.ColumnName}' detected, this is disallowed");
            definition.Add(new Column(member.Name, member.InferColumnType(), member.ColumnName));
        }
        return definition;
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    /// <summary>One member and its column.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, Annotation> _annotations = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, annotation) in _annotations)
                    builder.Add(kind, annotation.Type, annotation.Getter);
                return builder.ToAnnotations();
            }
        }

        /// <summary>Adds an annotation of the column, from a value of the annotation type's raw type or from a string or an
        /// array.</summary>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            if (_annotations.ContainsKey(kind))
                throw new InvalidOperationException($"Column already contains an annotation of this kind: '{kind}'.");
            _annotations.Add(kind, Annotation.Create(kind, value, annotationType));
        }

        internal void AddAnnotation(string kind, DataViewType type, Delegate getter) =>
            _annotations.Add(kind, new Annotation(type, getter));
    }

    /// <summary>The type of an annotation and what yields its value.</summary>
    private sealed record Annotation(DataViewType Type, Delegate Getter)
    {
        public static Annotation Create<T>(string kind, T value, DataViewType type)
        {
            type ??= InferType(typeof(T));
            Delegate getter = value switch
            {
                string text => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> destination) => destination = text.AsMemory()),
                string[] texts => VectorGetter([.. texts.Select(text => text.AsMemory())]),
                Array array => (Delegate)GenericDispatch.Invoke(VectorGetter<int>, array.GetType().GetElementType(), array),
                _ when type is VectorDataViewType vector =>
                    (Delegate)GenericDispatch.Invoke(CopyingGetter<int>, vector.ItemType.RawType, value),
                _ => (ValueGetter<T>)((ref T destination) => destination = value),
            };
            var rawType = getter.GetType().GetGenericArguments()[0];
            if (rawType != type.RawType)
                throw new InvalidOperationException($"The value of annotation '{kind}' has type {rawType}, but its declared type {type} "
                    + $"has {type.RawType}.");
            return new Annotation(type, getter);
        }

        private static DataViewType InferType(Type type)
        {
            var (itemType, isVector) = RowMember.ItemTypeOf(type);
            if (!StandardTypes.TryGetPrimitive(itemType, out var primitive))
                throw new ArgumentOutOfRangeException(nameof(type),
                    $"Could not determine a column type for annotation values of type {type}.");
            return isVector ? new VectorDataViewType(primitive) : primitive;
        }

        private static ValueGetter<VBuffer<T>> VectorGetter<T>(T[] values) => (ref VBuffer<T> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(editor.Values);
            destination = editor.Commit();
        };

        private static ValueGetter<VBuffer<T>> CopyingGetter<T>(VBuffer<T> value) => (ref VBuffer<T> destination) =>
            value.CopyTo(ref destination);
    }
}
