using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>
/// A label column as vectors of numbers. Classes (a key, text, Boolean, whole numbers) become one-hot vectors. Numbers (Single, Double, a
/// known-size vector of Single) stay as they are.
/// </summary>
sealed class LabelVectors
{
    readonly DataViewSchema.Column _column;

    LabelVectors(IDataView view, DataViewSchema.Column column, int length, bool isOneHot) =>
        (View, _column, Length, IsOneHot) = (view, column, length, isOneHot);

    /// <summary>The view to read: the given one, with the classes as keys.</summary>
    public IDataView View { get; }

    /// <summary>Numbers per row; for classes, the largest possible number of them.</summary>
    public int Length { get; }

    public bool IsOneHot { get; }

    public DataViewSchema.Column Column => _column;

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or neither classes nor numbers.</exception>
    public static LabelVectors Find(MLContext context, IDataView view, string name)
    {
        var column =
            view.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(
                nameof(name),
                $"Could not find label column '{name}'. The view has "
                    + $"{string.Join(", ", view.Schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}."
            );
        switch (column.Type)
        {
            case KeyDataViewType { RawType: var raw } key when raw == typeof(uint):
                return new(view, column, checked((int)key.Count), isOneHot: true);
            case NumberDataViewType number when number == NumberDataViewType.Single || number == NumberDataViewType.Double:
                return new(view, column, 1, isOneHot: false);
            case VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType item } vector when item == NumberDataViewType.Single:
                return new(view, column, vector.Size, isOneHot: false);
            case TextDataViewType or BooleanDataViewType or NumberDataViewType:
                var keyed = context.Transforms.Conversion.MapValueToKey(name, name).Fit(view).Transform(view);
                return Find(context, keyed, name);
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(name),
                    $"Schema mismatch for label column '{name}': expected classes (a key, text, Boolean, whole numbers) or "
                        + $"numbers (Single, Double, a known-size Vector<Single>), got {column.Type}."
                );
        }
    }

    /// <summary>Writes the label of the cursor's row into <see cref="Length"/> numbers.</summary>
    public Action<Span<double>> CreateReader(DataViewRow row) =>
        _column.Type switch
        {
            KeyDataViewType => OneHot(row),
            VectorDataViewType => Vector(row),
            _ when _column.Type == NumberDataViewType.Single => Number<float>(row, value => value),
            _ => Number<double>(row, value => value),
        };

    Action<Span<double>> OneHot(DataViewRow row)
    {
        var getter = row.GetGetter<uint>(_column);
        var key = 0u;
        return target =>
        {
            getter(ref key);
            if (key == 0)
                throw new InvalidOperationException(
                    $"Label column '{_column.Name}' has no class in row {row.Position}. Drop the rows without a label first."
                );
            target.Clear();
            target[(int)key - 1] = 1;
        };
    }

    Action<Span<double>> Number<T>(DataViewRow row, Func<T, double> convert)
    {
        var getter = row.GetGetter<T>(_column);
        T value = default!;
        return target =>
        {
            getter(ref value);
            target[0] = Finite(convert(value), row.Position);
        };
    }

    Action<Span<double>> Vector(DataViewRow row)
    {
        var getter = row.GetGetter<VBuffer<float>>(_column);
        var value = default(VBuffer<float>);
        return target =>
        {
            getter(ref value);
            target.Clear();
            foreach (var (index, number) in value.Items())
                target[index] = Finite(number, row.Position);
        };
    }

    double Finite(double value, long row) =>
        double.IsFinite(value)
            ? value
            : throw new InvalidOperationException(
                $"Label column '{_column.Name}' is {value} in row {row}. Replace or drop such rows first."
            );
}
