using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>
/// Reads a label column. Text, Booleans, whole numbers and keys are classes. Floating-point numbers and vectors are divided into classes.
/// </summary>
sealed class LabelReader
{
    readonly Action _read;
    readonly Func<RowClasses> _finish;

    LabelReader(Action read, Func<RowClasses> finish) => (_read, _finish) = (read, finish);

    /// <summary>Adds the label of the cursor's row.</summary>
    public void Read() => _read();

    public RowClasses ToClasses() => _finish();

    /// <exception cref="ArgumentException">The column is of another type.</exception>
    public static LabelReader Create(DataViewRow row, DataViewSchema.Column column, EntropyOptions options, long? expected)
    {
        if (FeatureColumn.VectorSize(column) is { } dimension)
        {
            var vectors = new RowReader(row, column, dimension, expected);
            return new(vectors.Read, () => SpectralClustering.Cluster(vectors.ToMatrix(), options.Clusters));
        }
        var type = column.Type.RawType;
        return column.Type switch
        {
            KeyDataViewType when type == typeof(byte) => Key<byte>(row, column),
            KeyDataViewType when type == typeof(ushort) => Key<ushort>(row, column),
            KeyDataViewType when type == typeof(ulong) => Key<ulong>(row, column),
            KeyDataViewType => Key<uint>(row, column),
            TextDataViewType => Text(row, column),
            BooleanDataViewType => Classes<bool>(row, column, value => value ? 1 : 0),
            NumberDataViewType when type == typeof(float) => Numbers<float>(row, column, options, value => value),
            NumberDataViewType when type == typeof(double) => Numbers<double>(row, column, options, value => value),
            NumberDataViewType when type == typeof(sbyte) => Classes<sbyte>(row, column, value => value),
            NumberDataViewType when type == typeof(byte) => Classes<byte>(row, column, value => value),
            NumberDataViewType when type == typeof(short) => Classes<short>(row, column, value => value),
            NumberDataViewType when type == typeof(ushort) => Classes<ushort>(row, column, value => value),
            NumberDataViewType when type == typeof(int) => Classes<int>(row, column, value => value),
            NumberDataViewType when type == typeof(uint) => Classes<uint>(row, column, value => value),
            NumberDataViewType when type == typeof(long) => Classes<long>(row, column, value => value),
            NumberDataViewType when type == typeof(ulong) => Classes<ulong>(row, column, value => unchecked((long)value)),
            _ => throw new ArgumentException(
                $"Label column '{column.Name}' is {column.Type}; it must be text, a key, a number, a Boolean or a vector of known size.",
                column.Name
            ),
        };
    }

    static LabelReader Classes<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> convert)
    {
        var labels = new List<long>();
        return new(Each<T>(row, column, value => labels.Add(convert(value))), () => RowClasses.Of(labels));
    }

    static LabelReader Numbers<T>(DataViewRow row, DataViewSchema.Column column, EntropyOptions options, Func<T, double> convert)
    {
        var labels = new List<double>();
        return new(Each<T>(row, column, value => labels.Add(Finite(convert(value)))), () => RowClasses.Of(labels, options.Clusters));

        double Finite(double label) =>
            double.IsFinite(label)
                ? label
                : throw new ArgumentException(
                    $"Label column '{column.Name}' is {label} in row {labels.Count}; give every row a label, or leave such rows out.",
                    column.Name
                );
    }

    static LabelReader Text(DataViewRow row, DataViewSchema.Column column)
    {
        var labels = new List<string>();
        return new(
            Each<ReadOnlyMemory<char>>(
                row,
                column,
                value => labels.Add(value.IsEmpty ? throw Missing(column, labels.Count) : value.ToString())
            ),
            () => RowClasses.Of(labels)
        );
    }

    static LabelReader Key<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, IBinaryInteger<T>
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        var isNamed = column.Annotations.Schema.GetColumnOrNull("KeyValues") is { Type: VectorDataViewType { ItemType: TextDataViewType } };
        if (isNamed)
            column.Annotations.GetValue("KeyValues", ref names);
        var texts = names.DenseValues().Select(name => name.ToString()).ToArray();
        var labels = new List<string>();
        return new(Each<T>(row, column, key => labels.Add(Name(long.CreateChecked(key)))), () => RowClasses.Of(labels));

        string Name(long key) =>
            key == 0 ? throw Missing(column, labels.Count)
            : key <= texts.Length ? texts[key - 1]
            : key.ToString(CultureInfo.InvariantCulture);
    }

    static Action Each<T>(DataViewRow row, DataViewSchema.Column column, Action<T> take)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            var value = default(T)!;
            getter(ref value);
            take(value);
        };
    }

    static ArgumentException Missing(DataViewSchema.Column column, int row) =>
        new($"Label column '{column.Name}' has no label in row {row}; give every row one, or leave such rows out.", column.Name);
}
