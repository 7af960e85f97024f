using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>Reads vector columns and label columns of a view into memory.</summary>
static class FeatureColumn
{
    /// <summary>Reads the features and, from the same pass, the classes.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, a value is missing, NaN or infinite, or there is no
    /// row.</exception>
    public static (FeatureMatrix Rows, RowClasses? Classes) Read(
        IDataView data,
        string columnName,
        string? labelColumnName,
        EntropyOptions options
    )
    {
        var column = Find(data, columnName, nameof(columnName));
        var dimension =
            VectorSize(column)
            ?? throw new ArgumentException(
                $"Column '{columnName}' is {column.Type}; it must be a vector of Single "
                    + $"or Double of known size.{VectorRemedy.For(column.Type)}",
                nameof(columnName)
            );
        var label = labelColumnName is null ? default(DataViewSchema.Column?) : Find(data, labelColumnName, nameof(labelColumnName));

        using var cursor = data.GetRowCursor(label is null ? [column] : [column, label.Value]);
        var features = new RowReader(cursor, column, dimension, data.GetRowCount());
        var labels = label is null ? null : LabelReader.Create(cursor, label.Value, options, data.GetRowCount());
        while (cursor.MoveNext())
        {
            features.Read();
            labels?.Read();
        }
        return (features.ToMatrix(), labels?.ToClasses());
    }

    /// <summary>The length of a vector column that can be measured.</summary>
    public static int? VectorSize(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true } vector
        && (vector.ItemType == NumberDataViewType.Single || vector.ItemType == NumberDataViewType.Double)
            ? vector.Size
            : null;

    static DataViewSchema.Column Find(IDataView data, string name, string parameter) =>
        data.Schema.GetColumnOrNull(name)
        ?? throw new ArgumentException(
            $"There is no column '{name}'; the data has "
                + $"{string.Join(", ", data.Schema.Where(column => !column.IsHidden).Select(column => column.Name))}.",
            parameter
        );
}
