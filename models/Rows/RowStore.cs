using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>
/// The rows of a view, read once, in memory or beyond a limit in a temporary file. A row of whole numbers from 0 to 255 takes one byte per
/// value, any other row four, so that decoded images stay a quarter of their size as floats. Safe for concurrent readers.
/// </summary>
public sealed class RowStore : IDisposable
{
    readonly RowBytes _bytes;
    readonly List<Row> _rows;
    readonly VectorDataViewType _type;
    readonly RowStoreOptions _columns;
    readonly bool _isSelection;

    RowStore(RowBytes bytes, List<Row> rows, VectorDataViewType type, RowStoreOptions columns, bool isSelection = false) =>
        (_bytes, _rows, _type, _columns, _isSelection) = (bytes, rows, type, columns, isSelection);

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>The values of one row.</summary>
    public int RowLength => _type.Size;

    /// <summary>Where the rows lie.</summary>
    internal RowBytes Bytes => _bytes;

    /// <summary>Reads a view, with a cursor on each processor where it has several.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="options">The columns, and where the rows may lie.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or is of another type or shape.</exception>
    /// <exception cref="ArgumentException">There is no row.</exception>
    /// <exception cref="InvalidDataException">A row has no label or an unknown one, or a value that is no finite number or no
    /// pixel.</exception>
    /// <exception cref="IOException">The temporary file finds no room.</exception>
    public static RowStore Read(IDataView view, RowStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(options);
        var type = FeatureColumn.TypeOf(view.Schema, options.FeatureColumnName);
        var rowLength = type.Size;
        var features = options.Shape is { } shape
            ? FeatureColumn.Find(view.Schema, options.FeatureColumnName, shape)
            : view.Schema[options.FeatureColumnName];
        DataViewSchema.Column? label = options.LabelColumnName is { } name
            ? view.Schema.GetColumnOrNull(name) ?? throw Schema.Missing(name, view.Schema.Select(column => column.Name))
            : null;

        // A byte a value: which rows take four is known when they are read.
        var bytes = new RowBytes(options.MemoryLimit, options.Folder) { LeastLength = rowLength * (view.GetRowCount() ?? 0) };
        try
        {
            DataViewSchema.Column[] columns = label is { } labelColumn ? [features, labelColumn] : [features];
            var rows = new OrderedRows<Row>(ReaderOf, options.CancellationToken).Read(view, options.Role, columns);
            if (rows.Count == 0)
                throw new ArgumentException($"The {options.Role} view has no rows.");
            bytes.Complete();
            return new RowStore(bytes, rows, type, options);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        Func<Row> ReaderOf(DataViewRowCursor cursor)
        {
            var getId = cursor.GetIdGetter();
            var getValues = cursor.GetGetter<VBuffer<float>>(features);
            var getClass = label is { } column ? ClassReader.Of(cursor, column, options.Labels) : () => -1;
            VBuffer<float> values = default;
            DataViewRowId id = default;
            var (dense, whole) = (new float[rowLength], new byte[rowLength]);
            return () =>
            {
                getValues(ref values);
                values.CopyTo(dense);
                getId(ref id);
                var rowClass = getClass();
                var compact = Compact(dense, whole);
                // What takes a byte a value is made of pixels.
                if (compact.Length != rowLength)
                    ThrowIfUnfit(dense, options);
                return new Row(bytes.Add(compact), id, rowClass);
            };
        }
    }

    /// <summary>Rows that are in memory already.</summary>
    /// <param name="values">All rows, one behind the other.</param>
    /// <param name="classes">The class index of each row.</param>
    /// <param name="rowLength">Values of one row.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there is no row.</exception>
    public static RowStore Of(ReadOnlySpan<float> values, ReadOnlySpan<int> classes, int rowLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowLength, 1);
        if (classes.IsEmpty)
            throw new ArgumentException("There is no row.", nameof(classes));
        if (values.Length != (long)classes.Length * rowLength)
            throw new ArgumentException(
                $"{classes.Length} rows of {rowLength} values need {(long)classes.Length * rowLength} values, not {values.Length}.",
                nameof(values)
            );
        var (bytes, rows, whole) = (new RowBytes(), new List<Row>(classes.Length), new byte[rowLength]);
        for (var index = 0; index < classes.Length; index++)
        {
            var place = bytes.Add(Compact(values.Slice(index * rowLength, rowLength), whole));
            rows.Add(new Row(place, new DataViewRowId((ulong)index, 0), classes[index]));
        }
        bytes.Complete();
        return new RowStore(bytes, rows, new VectorDataViewType(NumberDataViewType.Single, rowLength), new RowStoreOptions());
    }

    /// <summary>The class index of a row; -1 where the rows have no labels.</summary>
    public int ClassOf(int row) => _rows[row].Class;

    /// <summary>The id of a row in the view that it was read from.</summary>
    public DataViewRowId IdOf(int row) => _rows[row].Id;

    /// <summary>Copies the values of a row.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="values"><see cref="RowLength"/> values.</param>
    public void CopyTo(int row, Span<float> values) => CopyTo(_rows[row], values[..RowLength]);

    /// <summary>The values of a row, copied.</summary>
    public float[] ValuesOf(int row)
    {
        var values = new float[RowLength];
        CopyTo(row, values);
        return values;
    }

    /// <summary>Some of the rows, in the order given. They lie where they did, so that they are of use as long as this store is.</summary>
    public RowStore Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new RowStore(_bytes, [.. rows.Select(row => _rows[row])], _type, _columns, isSelection: true);
    }

    /// <summary>
    /// The rows as a view with the columns that they were read from, the label as text. It is of use as long as this store is.
    /// </summary>
    public IDataView ToDataView() => new StoredRowView(this, _columns.FeatureColumnName, _type, _columns.LabelColumnName, _columns.Labels);

    /// <summary>Removes the temporary file, if there is one. A selection leaves that to its store.</summary>
    public void Dispose()
    {
        if (!_isSelection)
            _bytes.Dispose();
    }

    /// <summary>How many rows each class has.</summary>
    internal IReadOnlyList<int> CountClasses(int classCount)
    {
        var counts = new int[classCount];
        foreach (var row in _rows)
            counts[row.Class]++;
        return counts;
    }

    /// <summary>Copies rows, in the order given, into a batch.</summary>
    internal void Gather(ReadOnlySpan<int> rows, Span<float> values, Span<long> classes, Span<DataViewRowId> ids)
    {
        for (var index = 0; index < rows.Length; index++)
        {
            var row = _rows[rows[index]];
            CopyTo(row, values.Slice(index * RowLength, RowLength));
            (classes[index], ids[index]) = (row.Class, row.Id);
        }
    }

    /// <summary>The mean and the standard deviation of each value over the rows.</summary>
    internal (double[] Means, double[] Deviations) ComputeMoments()
    {
        var (means, squares) = (new double[RowLength], new double[RowLength]);
        var values = new float[RowLength];
        for (var row = 0; row < Count; row++)
        {
            CopyTo(_rows[row], values);
            for (var value = 0; value < RowLength; value++)
            {
                // Welford's recurrence: the squares of large values would cancel.
                var distance = values[value] - means[value];
                means[value] += distance / (row + 1);
                squares[value] += distance * (values[value] - means[value]);
            }
        }
        return (means, Array.ConvertAll(squares, square => Math.Sqrt(square / Count)));
    }

    /// <summary>A hash of all values, labels and ids: what a resumed training must find again.</summary>
    internal string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in _rows)
            hash.AppendData(_bytes.Read(row.Place));
        hash.AppendData(MemoryMarshal.AsBytes<int>(_rows.Select(row => row.Class).ToArray()));
        hash.AppendData(MemoryMarshal.AsBytes<DataViewRowId>(_rows.Select(row => row.Id).ToArray()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    void CopyTo(Row row, Span<float> target)
    {
        var source = _bytes.Read(row.Place);
        if (source.Length == target.Length)
            for (var value = 0; value < target.Length; value++)
                target[value] = source[value];
        else
            source.CopyTo(MemoryMarshal.AsBytes(target));
    }

    /// <summary>
    /// The row's bytes: those given, filled with one for each value, where that is enough; otherwise those of the values.
    /// </summary>
    static ReadOnlySpan<byte> Compact(ReadOnlySpan<float> values, byte[] bytes)
    {
        for (var index = 0; index < values.Length; index++)
        {
            bytes[index] = (byte)Math.Clamp(values[index], 0f, 255f);
            if (bytes[index] != values[index])
                return MemoryMarshal.AsBytes(values);
        }
        return bytes;
    }

    /// <exception cref="UnfitRowException">A value is no finite number or, where pixels are required, none.</exception>
    static void ThrowIfUnfit(float[] values, RowStoreOptions options)
    {
        if (options.RequiresPixels && Array.FindIndex(values, value => value is not (>= 0 and <= 255)) is >= 0 and var wrong)
            throw new UnfitRowException(
                FormattableString.Invariant(
                    $"holds {values[wrong]} in '{options.FeatureColumnName}'; a pixel is a number from 0 to 255. Filter or rescale such rows."
                )
            );
        if (!Array.TrueForAll(values, float.IsFinite))
            throw new UnfitRowException(
                $"holds a value in '{options.FeatureColumnName}' that is not a finite number; filter or repair it."
            );
    }

    readonly record struct Row(RowPlace Place, DataViewRowId Id, int Class);
}
