using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives every row a number from 0 to 1 by which it falls into a part of the data: from the seed and the row's place, or from the value
/// of a column, so that rows of equal value stay together. A missing value is NaN and falls into no part.
/// </summary>
internal sealed class SamplingKey
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column? _column;
    private readonly ulong _seed;
    private readonly double _min;
    private readonly double _range = 1;

    public SamplingKey(IDataView data, string columnName, int seed)
    {
        _data = data;
        _seed = (uint)seed;
        if (columnName is null)
            return;
        _column = data.Schema.GetColumnOrNull(columnName)
            ?? throw SchemaMismatch.Missing("samplingKeyColumn", "SamplingKeyColumn", columnName);
        if (_column.Value.Type == NumberDataViewType.Single)
            (_min, _range) = RangeOf(data.GetColumn<float>(_column.Value));
        else if (_column.Value.Type == NumberDataViewType.Double)
            (_min, _range) = RangeOf(data.GetColumn<double>(_column.Value));
    }

    /// <summary>The rows from min to max, or all others that have a number.</summary>
    public IDataView Part(double min, double max, bool complement) => new FilteredView(_data, _column is { } column ? [column] : [], row =>
    {
        var next = CreateNumbers(row);
        return () =>
        {
            var number = next();
            return !double.IsNaN(number) && (min <= number && number <= max) != complement;
        };
    }, inOrder: _column is null);

    private Func<double> CreateNumbers(DataViewRow row)
    {
        if (_column is not { } column)
            return () => ToUnit(Mix(_seed * 0x9E3779B97F4A7C15 + (ulong)row.Position));
        var source = row.Schema[column.Index];
        return column.Type switch
        {
            KeyDataViewType key => (Func<double>)GenericDispatch.Invoke(Keys<uint>, key.RawType, row, source, key.Count),
            NumberDataViewType when column.Type == NumberDataViewType.Single => Numbers<float>(row, source),
            NumberDataViewType when column.Type == NumberDataViewType.Double => Numbers<double>(row, source),
            VectorDataViewType vector => (Func<double>)GenericDispatch.Invoke(VectorHashes<int>, vector.ItemType.RawType, row, source),
            _ => (Func<double>)GenericDispatch.Invoke(Hashes<int>, column.Type.RawType, row, source),
        };
    }

    private Func<double> Numbers<T>(DataViewRow row, DataViewSchema.Column column) where T : INumber<T>
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return (double.CreateTruncating(value) - _min) / _range;
        };
    }

    private static Func<double> Keys<T>(DataViewRow row, DataViewSchema.Column column, ulong count) where T : INumber<T>
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            var key = ulong.CreateTruncating(value);
            return key == 0 || key > count ? double.NaN : (key - 0.5) / count;
        };
    }

    private Func<double> Hashes<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return ToUnit(Hash(_seed, value));
        };
    }

    private Func<double> VectorHashes<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            var hash = _seed;
            foreach (var (_, value) in values.Items(all: true))
                hash = Hash(hash, value);
            return ToUnit(hash);
        };
    }

    // Hash codes of the runtime differ from process to process, and a split must not.
    private static ulong Hash<T>(ulong seed, T value)
    {
        var text = value is ReadOnlyMemory<char> memory ? memory.Span : Convert.ToString(value, CultureInfo.InvariantCulture).AsSpan();
        var hash = Mix(seed + 0x9E3779B97F4A7C15);
        foreach (var character in text)
            hash = Mix(hash ^ character);
        return hash;
    }

    private static (double Min, double Range) RangeOf<T>(IEnumerable<T> values) where T : INumber<T>
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            var number = double.CreateTruncating(value);
            if (double.IsNaN(number))
                continue;
            min = Math.Min(min, number);
            max = Math.Max(max, number);
        }
        return max > min ? (min, max - min) : (double.IsFinite(min) ? min : 0, 1);
    }

    // SplitMix64's finaliser.
    private static ulong Mix(ulong x)
    {
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }

    private static double ToUnit(ulong x) => (x >> 11) * (1.0 / (1UL << 53));
}
