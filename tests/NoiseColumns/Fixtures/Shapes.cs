using Microsoft.ML;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>Shapes of schemas, which ML.NET itself makes only inside.</summary>
static class Shapes
{
    /// <summary>Of a schema's visible columns, by way of an estimator that changes nothing.</summary>
    public static SchemaShape Of(MLContext ml, DataViewSchema schema) =>
        OutputSchema.Append(
            ml,
            new SchemaShape([]),
            schema.Where(column => !column.IsHidden).Select(column => new DataViewSchema.DetachedColumn(column))
        );

    /// <summary>All that a shape says, a line for each column and each annotation, sorted by name.</summary>
    public static string Described(SchemaShape shape) =>
        string.Join(
            '\n',
            shape
                .OrderBy(column => column.Name, StringComparer.Ordinal)
                .Select(column =>
                    $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey} "
                    + string.Join(
                        ", ",
                        column
                            .Annotations.OrderBy(annotation => annotation.Name, StringComparer.Ordinal)
                            .Select(annotation => $"{annotation.Name} {annotation.Kind} {annotation.ItemType} {annotation.IsKey}")
                    )
                )
        );
}
