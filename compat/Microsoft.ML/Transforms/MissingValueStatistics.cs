using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Mean, least, greatest and most frequent value of a column or of one of its slots, apart from what is missing.</summary>
internal sealed class MissingValueStatistics
{
    private readonly Dictionary<double, int> _counts = [];
    private long _seen;
    private long _notFinite;
    private double _sum;
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;
    private double _mostFrequent;

    /// <summary>For each column one value, or one for each slot of vectors of a known size.</summary>
    public static IReadOnlyList<double[]> Compute(IDataView input, DataViewSchema.Column[] columns,
        MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot)
    {
        if (mode == MissingValueReplacingEstimator.ReplacementMode.DefaultValue)
            return [.. columns.Select(_ => new double[1])];
        using var cursor = input.GetRowCursor(columns);
        var readers = columns.Select(column => new Reader(cursor, column, bySlot)).ToArray();
        while (cursor.MoveNext())
            foreach (var reader in readers)
                reader.Read();
        return [.. readers.Select(reader => reader.Results(mode))];
    }

    private void Add(double value)
    {
        _seen++;
        if (value < _least)
            _least = value;
        if (value > _greatest)
            _greatest = value;
        if (!double.IsFinite(value))
        {
            _notFinite++;
            return;
        }
        _sum += value;
        _counts[value] = _counts.GetValueOrDefault(value) + 1;
        if (_counts[value] > _counts.GetValueOrDefault(_mostFrequent))
            _mostFrequent = value;
    }

    /// <param name="mode">Which statistic.</param>
    /// <param name="count">All values, with the zeros that sparse vectors leave out.</param>
    private double Result(MissingValueReplacingEstimator.ReplacementMode mode, long count)
    {
        var zero = count > _seen ? 0 : double.NaN;
        return mode switch
        {
            MissingValueReplacingEstimator.ReplacementMode.Mean => count == _notFinite ? 0 : _sum / (count - _notFinite),
            MissingValueReplacingEstimator.ReplacementMode.Minimum => zero < _least ? zero : _least,
            MissingValueReplacingEstimator.ReplacementMode.Maximum => zero > _greatest ? zero : _greatest,
            _ => _mostFrequent,
        };
    }

    private sealed class Reader
    {
        private readonly MissingValueStatistics[] _slots;
        private readonly Action _read;
        private long _count;

        public Reader(DataViewRow row, DataViewSchema.Column column, bool bySlot)
        {
            var size = column.Type is VectorDataViewType { IsKnownSize: true } vector && bySlot ? vector.Size : 1;
            _slots = [.. Enumerable.Range(0, size).Select(_ => new MissingValueStatistics())];
            _read = column.Type.ItemTypeOf() == NumberDataViewType.Single
                ? CreateReader<float>(row, row.Schema[column.Index], value => value)
                : CreateReader<double>(row, row.Schema[column.Index], value => value);
        }

        public void Read() => _read();

        public double[] Results(MissingValueReplacingEstimator.ReplacementMode mode) => [.. _slots.Select(slot => slot.Result(mode, _count))];

        private Action CreateReader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
        {
            if (column.Type is not VectorDataViewType)
            {
                var get = row.GetGetter<T>(column);
                T value = default;
                return () =>
                {
                    get(ref value);
                    _count++;
                    _slots[0].Add(convert(value));
                };
            }
            var getVector = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return () =>
            {
                getVector(ref vector);
                _count += _slots.Length == 1 ? vector.Length : 1;
                var values = vector.GetValues();
                var indices = vector.GetIndices();
                for (var i = 0; i < values.Length; i++)
                    _slots[_slots.Length == 1 ? 0 : vector.IsDense ? i : indices[i]].Add(convert(values[i]));
            };
        }
    }
}
