using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Commands;

/// <summary>Rows of numbers to score, in a column <c>Features</c>, with their index in <c>Id</c>.</summary>
static class RowFile
{
    /// <summary>Opens a .npy array, which is read row by row, or loads a .csv table.</summary>
    /// <exception cref="InvalidDataException">The file is missing or not right.</exception>
    public static IDataView Load(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"there is no file {path}.");
        if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
            return new NpyRowView(path);

        var (rows, _) = VectorFile.Read(path);
        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Features)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Dimension);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows.RowCount)
            .Select(row => new Row { Features = Array.ConvertAll(rows[row].ToArray(), value => (float)value), Id = row.ToString(CultureInfo.InvariantCulture) }).ToList(), schema);
    }

    sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Id { get; set; } = "";
    }
}
