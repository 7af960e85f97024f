using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;

namespace NoisyNN.Models.Features;

/// <summary>What a schema shape must promise of a column that is read as vectors.</summary>
static class VectorColumn
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no vector of Single of known size.</exception>
    public static void Require(SchemaShape schema, string name)
    {
        foreach (var column in schema.Where(column => column.Name == name))
        {
            if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single)
                throw Schema.Mismatch(
                    "input",
                    name,
                    "a Vector<Single> of known size",
                    $"{column.Kind} of {column.ItemType}",
                    Schema.PixelRemedy
                );
            return;
        }
        throw Schema.Missing(name, schema.Select(column => column.Name));
    }
}
