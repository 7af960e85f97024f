using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loading, reading, splitting and filtering of data.</summary>
public sealed class DataOperationsCatalog
{
    private readonly IHostEnvironment _env;
    private readonly Host _host;

    internal DataOperationsCatalog(IHostEnvironment env, Host host)
    {
        _env = env;
        _host = host;
    }

    /// <summary>Objects as rows, in their order. A collection knows its number of rows.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableView<TRow>(data, RowSchema.Create(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));
    }

    /// <summary>Objects as rows of the given schema, which takes precedence over what the class says.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(schema);
        return LoadFromEnumerable(data, RowSchema.DefinitionFor(typeof(TRow), schema));
    }

    /// <summary>Rows as objects.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null) where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return RowObjects.Enumerate<TRow>(data, reuseRowObject, ignoreMissingColumns, schemaDefinition);
    }

    /// <summary>Keeps what is read in memory.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var name in columnsToPrefetch ?? [])
            input.Schema.Require(name, "prefetch", nameof(columnsToPrefetch));
        return new CachedView(input);
    }

    /// <summary>The rows in a random order, which is the same at every reading.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (shufflePoolSize <= 0)
            throw new ArgumentOutOfRangeException(nameof(shufflePoolSize), "Must be positive");
        return new ShuffledView(input, seed ?? NewSeed(), shufflePoolSize, shuffleSource);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        return count > 0 ? new RowRangeView(input, 0, count)
            : throw new ArgumentOutOfRangeException(nameof(count), "Must be greater than zero.");
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        return count > 0 ? new RowRangeView(input, count, long.MaxValue)
            : throw new ArgumentOutOfRangeException(nameof(count), "Must be greater than zero.");
    }

    /// <summary>The rows whose value is at least the lower bound and below the upper bound.</summary>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(input);
        Argument.NonEmpty(columnName);
        CheckBounds(lowerBound, upperBound);
        var column = input.Schema.Require(columnName, "filter", nameof(columnName));
        if (column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double)
            throw SchemaMismatch.WrongType(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        return new FilteredView(input, [column], row => column.Type == NumberDataViewType.Single
            ? InRange(row.GetGetter<float>(row.Schema[column.Index]), value => value, lowerBound, upperBound)
            : InRange(row.GetGetter<double>(row.Schema[column.Index]), value => value, lowerBound, upperBound));
    }

    /// <summary>The rows that have a value in all of the columns, and in all items of their vectors.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (columns is null or [])
            throw new ArgumentOutOfRangeException(nameof(columns), "At least one column is needed.");
        var filtered = columns.Select(name => input.Schema.Require(name, "source", nameof(columns))).ToArray();
        if (columns.Distinct().Count() < columns.Length)
            throw new ArgumentOutOfRangeException(nameof(columns), $"A column is specified multiple times: {string.Join(", ", columns)}");
        foreach (var column in filtered)
            if (!MissingValues.AreKnownTo(column.Type))
                throw new ArgumentOutOfRangeException(nameof(columns),
                    $"Column '{column.Name}' has type {column.Type} which does not support missing values, so we cannot filter on them");
        return new FilteredView(input, filtered, row =>
        {
            var tests = filtered.Select(column => MissingValues.CreateTest(row, column)).ToArray();
            return () => !Array.Exists(tests, isMissing => isMissing());
        });
    }

    /// <summary>The rows whose key, as the fraction (key - 0.5) / count, is at least the lower bound and below the upper bound.</summary>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        Argument.NonEmpty(columnName);
        if (!(lowerBound is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(lowerBound), "Must be in [0, 1]");
        if (!(upperBound is >= 0 and <= 2))
            throw new ArgumentOutOfRangeException(nameof(upperBound), "Must be in [0, 2]");
        CheckBounds(lowerBound, upperBound);
        var column = input.Schema.Require(columnName, "filter", nameof(columnName));
        if (column.Type is not KeyDataViewType key)
            throw SchemaMismatch.WrongType(nameof(columnName), "filter", columnName, "KeyType", column.Type.ToString());

        double Fraction(ulong value) => value == 0 || value > key.Count ? double.NaN : (value - 0.5) / key.Count;
        return new FilteredView(input, [column], row =>
        {
            var source = row.Schema[column.Index];
            return key.RawType == typeof(byte) ? InRange(row.GetGetter<byte>(source), value => Fraction(value), lowerBound, upperBound)
                : key.RawType == typeof(ushort) ? InRange(row.GetGetter<ushort>(source), value => Fraction(value), lowerBound, upperBound)
                : key.RawType == typeof(uint) ? InRange(row.GetGetter<uint>(source), value => Fraction(value), lowerBound, upperBound)
                : InRange(row.GetGetter<ulong>(source), Fraction, lowerBound, upperBound);
        });
    }

    /// <summary>Parts the rows at random; about the given fraction goes to the test set. With a sampling key, rows of equal key stay
    /// together.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(0 < testFraction && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), "Must be between 0 and 1 exclusive");
        var key = new SamplingKey(data, samplingKeyColumnName, seed ?? _host.Seed ?? NewSeed());
        return new TrainTestData(key.Part(0, testFraction, complement: true), key.Part(0, testFraction, complement: false));
    }

    /// <summary>Parts the rows at random into folds, each of which is the test set once.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (numberOfFolds <= 1)
            throw new ArgumentOutOfRangeException(nameof(numberOfFolds), "Must be more than 1");
        var key = new SamplingKey(data, samplingKeyColumnName, seed ?? _host.Seed ?? NewSeed());
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            var (min, max) = ((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds);
            return new TrainTestData(key.Part(min, max, complement: true), key.Part(min, max, complement: false));
        })];
    }

    internal IHostEnvironment Environment => _env;

    private int NewSeed() => _env.Register("Seed").Rand.Next();

    private static void CheckBounds(double lowerBound, double upperBound)
    {
        if (!(lowerBound <= upperBound))
            throw new ArgumentOutOfRangeException(nameof(upperBound), "Must not be less than lowerBound");
    }

    private static Func<bool> InRange<T>(ValueGetter<T> get, Func<T, double> convert, double lowerBound, double upperBound)
    {
        T value = default;
        return () =>
        {
            get(ref value);
            var number = convert(value);
            return lowerBound <= number && number < upperBound;
        };
    }

    /// <summary>The two parts of a split.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
