using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Rows of numbers to score, in a column <c>Features</c>, with their index in <c>Id</c>.</summary>
static class RowFile
{
    /// <summary>Opens a .npy array, which is read row by row, or loads a .csv table.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">A table's column of labels, which is left out.</param>
    /// <param name="table">What is known about a table.</param>
    /// <param name="note">Receives notes about how the file was read.</param>
    /// <exception cref="InvalidDataException">The file is missing or invalid.</exception>
    public static IDataView Load(MLContext ml, string path, string? labelColumn, TableOptions table, Action<string> note)
    {
        if (VectorFile.IsArray(path))
            return new NpyRowView(path);

        var (rows, _) = VectorFile.Read(path, labelColumn, table: table, note: note);
        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Features)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Dimension);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, rows.RowCount)
                .Select(row => new Row
                {
                    Features = Array.ConvertAll(rows[row].ToArray(), value => (float)value),
                    Id = row.ToString(CultureInfo.InvariantCulture),
                })
                .ToList(),
            schema
        );
    }

    sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Id { get; set; } = "";
    }
}
