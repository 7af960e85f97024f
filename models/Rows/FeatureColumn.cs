using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>The column that a network reads: a vector of Single of known size.</summary>
static class FeatureColumn
{
    /// <param name="schema">The schema of the rows.</param>
    /// <param name="name">The column.</param>
    /// <param name="dimensions">The shape that the network expects: channels, height and width, or the number of features.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or is of another type or shape.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, IReadOnlyList<int> dimensions)
    {
        var vector = TypeOf(schema, name);
        var expected = dimensions.Aggregate((product, size) => product * size);
        var sameShape = vector.Dimensions.Length == 1 || dimensions.Count == 1 || ImageColumn.Fits(vector, [.. dimensions]);
        if (!sameShape && ImageColumn.InterleavedError(name, vector, [.. dimensions]) is { } interleaved)
            throw interleaved;
        if (vector.Size != expected || !sameShape)
            throw dimensions.Count == 1
                ? Schema.Mismatch(
                    "feature",
                    name,
                    $"{expected} values, as the network is set up",
                    string.Join(" x ", vector.Dimensions),
                    "set the network's FeatureCount, or leave it 0"
                )
                : Schema.Mismatch(
                    "feature",
                    name,
                    $"{string.Join(" x ", dimensions)} values (channels, height, width), as the network is set up",
                    string.Join(" x ", vector.Dimensions),
                    "set the network's ImageSize and Channels, or resize the images"
                );
        return schema[name];
    }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no vector of Single of known size.</exception>
    public static VectorDataViewType TypeOf(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Schema.Missing(name, schema.Select(other => other.Name));
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? vector
            : throw Schema.Mismatch("feature", name, "a Vector<Single> of known size", column.Type.ToString()!, Schema.PixelRemedy);
    }
}
