using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>
/// The rule for which columns can take which noise. It serves schemas, which know sizes, and schema shapes, which do not.
/// </summary>
static class NoiseInput
{
    /// <summary>Why a column of this type cannot take the noise, with a remedy; null if it can.</summary>
    public static string? Refusal(DataViewType type, NoiseEstimator.Options options) =>
        type switch
        {
            ImageDataViewType image => OfKind(type, isKnownSize: true, options) ?? OfImage(image, options.Noise!),
            VectorDataViewType vector => OfKind(vector.ItemType, vector.IsKnownSize, options) ?? OfShape(vector, options),
            _ => OfKind(type, isKnownSize: null, options),
        };

    /// <summary>The same, as far as a schema shape knows the column.</summary>
    public static string? Refusal(SchemaShape.Column column, NoiseEstimator.Options options) =>
        OfKind(
            column.ItemType,
            column.Kind is SchemaShape.Column.VectorKind.Scalar ? null : column.Kind is SchemaShape.Column.VectorKind.Vector,
            options
        );

    /// <param name="itemType">The type of the vector's items, or of the scalar.</param>
    /// <param name="isKnownSize">Null for a scalar.</param>
    /// <param name="options">The noise.</param>
    static string? OfKind(DataViewType itemType, bool? isKnownSize, NoiseEstimator.Options options)
    {
        var (noise, axis) = (options.Noise!, options.Noise!.Axis);
        if (itemType is ImageDataViewType)
        {
            return axis is MixAxis.Batch
                    ? $"{noise.Name} noise across the batch needs known-size Vector<Single>; for images, use ExtractPixels."
                : options.Dimensions is not null ? "Dimensions are for vectors; an image has its own."
                : null;
        }
        if (itemType != NumberDataViewType.Single)
        {
            var remedy =
                itemType is not NumberDataViewType ? ""
                : isKnownSize is null ? " Convert it with ConvertType and Concatenate."
                : " Convert it with ConvertType.";
            return $"expected Vector<Single> or an image.{remedy}";
        }
        if (isKnownSize is null)
            return "expected Vector<Single> or an image. Concatenate makes a vector, also of one column.";
        if (isKnownSize is false && axis is not null && (options.Dimensions is null || axis is MixAxis.Batch))
        {
            return $"{noise.Name} noise mixes the axis {axis}, so it needs known-size Vector<Single>. State the size where the "
                + "column is created, with [VectorType(...)]"
                + $"{(axis is MixAxis.Batch ? "" : ", or in the Dimensions of the options")}.";
        }
        return null;
    }

    static string? OfImage(ImageDataViewType type, NoiseDefinition noise) =>
        noise.IsLostInRounding(step: 1)
            ? $"{noise.Name} noise of this strength is lost when pixels are rounded to bytes. It is in their units, 0 to 255: give 5 to 50."
        : ImageNoiseColumn.ShapeOf(type) is { } shape ? noise.Misfit(shape)
        // Each image has its own height, so the check waits for the image.
        : noise.Axis is MixAxis.SpatialRows ? null
        : noise.Misfit([ImagePlanes.Count, 1, 1]);

    static string? OfShape(VectorDataViewType vector, NoiseEstimator.Options options)
    {
        if (options.Dimensions is not { } dimensions)
            return options.Noise!.Misfit(vector.IsKnownSize ? vector.Dimensions.AsSpan() : [1]);
        var size = dimensions.Aggregate(1L, (product, dimension) => product * dimension);
        return vector.IsKnownSize && vector.Size != size
            ? $"the Dimensions [{string.Join(", ", dimensions)}] of the options have {size} elements, the column has {vector.Size}."
            : options.Noise!.Misfit(dimensions);
    }
}
