using System.Globalization;
using System.Numerics;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>A label column: a key whose values have names. In the data keys count from 1 and 0 is missing; classes count from 0.</summary>
sealed class KeyColumn
{
    KeyColumn(string name, int count, DataViewSchema.Annotations keyValues, IReadOnlyList<string> labels)
    {
        Name = name;
        Count = count;
        KeyValues = keyValues;
        Labels = labels;
    }

    public string Name { get; }

    public int Count { get; }

    /// <summary>
    /// The column's KeyValues annotation alone, in its own type, so that <c>MapKeyToValue</c> gives back what <c>MapValueToKey</c> took.
    /// </summary>
    public DataViewSchema.Annotations KeyValues { get; }

    /// <summary>The key values as text, in the order of the classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    public static KeyColumn Find(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Schema.Missing(name, schema.Select(other => other.Name));
        if (column.Type is not KeyDataViewType key)
            throw Schema.Mismatch("label", name, "a key", column.Type.ToString()!, Schema.KeyRemedy(name));
        var labels =
            LabelsOf(column)
            ?? throw Schema.Mismatch(
                "label",
                name,
                "a key with KeyValues, the names of the classes",
                $"{key} without them",
                Schema.KeyRemedy(name)
            );
        if (labels.Count < 2)
            throw Schema.Error($"The label column '{name}' has {labels.Count} classes; a classifier needs at least 2.");
        var keyValues = new DataViewSchema.Annotations.Builder();
        keyValues.Add(column.Annotations, kind => kind == Schema.KeyValues);
        return new KeyColumn(name, labels.Count, keyValues.ToAnnotations(), labels);
    }

    /// <summary>Gives a column of objects the same key values.</summary>
    public void AnnotateKeyValues(SchemaDefinition.Column column) =>
        Call(nameof(Annotate), ((VectorDataViewType)KeyValues.Schema[0].Type).ItemType.RawType, column, KeyValues);

    /// <summary>A column of two classes without names, for schema shapes.</summary>
    public static KeyColumn Placeholder(string name, DataViewType keyValueType)
    {
        var keyValues = (DataViewSchema.Annotations)Call(nameof(EmptyKeyValues), keyValueType.RawType, keyValueType);
        return new KeyColumn(name, 2, keyValues, ["", ""]);
    }

    /// <summary>The key values of a column as text; null where it is no key, or one without key values.</summary>
    public static IReadOnlyList<string>? LabelsOf(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType
        && column.Annotations.Schema.GetColumnOrNull(Schema.KeyValues) is { Type: VectorDataViewType { ItemType: var itemType } }
            ? (IReadOnlyList<string>)Call(nameof(ReadLabels), itemType.RawType, column.Annotations)
            : null;

    /// <summary>A reader of the row's class; -1 where the label is missing.</summary>
    public static Func<int> GetClassReader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<int>)Call(nameof(ClassReader), column.Type.RawType, row, column);

    static Func<int> ClassReader<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, IBinaryInteger<T>
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T key = default;
            getter(ref key);
            return int.CreateChecked(key) - 1;
        };
    }

    static string[] ReadLabels<T>(DataViewSchema.Annotations annotations)
    {
        VBuffer<T> values = default;
        annotations.GetValue(Schema.KeyValues, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }

    static SchemaDefinition.Column Annotate<T>(SchemaDefinition.Column column, DataViewSchema.Annotations annotations)
    {
        VBuffer<T> values = default;
        annotations.GetValue(Schema.KeyValues, ref values);
        column.AddAnnotation(Schema.KeyValues, values, annotations.Schema[0].Type);
        return column;
    }

    static DataViewSchema.Annotations EmptyKeyValues<T>(DataViewType type)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add<VBuffer<T>>(
            Schema.KeyValues,
            new VectorDataViewType((PrimitiveDataViewType)type, 2),
            (ref VBuffer<T> value) => value = new VBuffer<T>(2, new T[2])
        );
        return builder.ToAnnotations();
    }

    static object Call(string method, Type type, params object[] arguments) =>
        typeof(KeyColumn)
            .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
}
