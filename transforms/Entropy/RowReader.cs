using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Entropy;

/// <summary>Reads the vectors of one column, row by row.</summary>
sealed class RowReader
{
    readonly string _name;
    readonly int _dimension;
    readonly Action<Memory<double>> _read;
    double[] _values;
    int _count;

    public RowReader(DataViewRow row, DataViewSchema.Column column, int dimension, long? expected)
    {
        (_name, _dimension) = (column.Name, dimension);
        _values = new double[Math.Min(expected ?? 1024, Array.MaxLength / dimension) * dimension];
        _read =
            ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Single
                ? Reader<float>(row, column, value => value)
                : Reader<double>(row, column, value => value);
    }

    /// <summary>Adds the cursor's row.</summary>
    public void Read()
    {
        var start = (long)_count * _dimension;
        if (start + _dimension > Array.MaxLength)
            throw new ArgumentException(
                $"More than {_count} rows of {_dimension} values do not fit into memory at once; take fewer with TakeRows.",
                _name
            );
        if (start + _dimension > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(2 * (start + _dimension), Array.MaxLength));
        _read(_values.AsMemory((int)start, _dimension));
        _count++;
    }

    public FeatureMatrix ToMatrix()
    {
        if (_values.Length != _count * _dimension)
            Array.Resize(ref _values, _count * _dimension);
        return new(_values, _dimension, $"Column '{_name}'");
    }

    Action<Memory<double>> Reader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var value = default(VBuffer<T>);
        return target =>
        {
            getter(ref value);
            if (value.Length != _dimension)
                throw new ArgumentException(
                    $"Column '{_name}' has {value.Length} values in row {_count}, but its type promises {_dimension}.",
                    _name
                );
            var span = target.Span;
            span.Clear();
            foreach (var (index, item) in value.Items())
                span[index] = convert(item);
        };
    }
}
