using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Inputs;

/// <summary>Fits a column to a model's input.</summary>
static class OnnxRowShape
{
    /// <summary>
    /// The shape in which a row of the column is fed. A column with dimensions must have the model's dimensions. A flat column, or a flat
    /// input, only needs the same number of values. Dimensions that the model leaves open (a convolutional network's height and width)
    /// are the column's. Planar pixels of whole numbers feed a model that takes interleaved bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The column does not fit.</exception>
    public static int[] Resolve(OnnxModel model, OnnxTensorInfo input, string columnName, DataViewType column, bool isRawPixels) =>
        column switch
        {
            ImageDataViewType image => ImagePixels.Shape(input.RowDimensions, image)
                ?? throw Mismatch(model, input, columnName, column, "numbers, or images of its own size with one, three or four channels"),
            VectorDataViewType { IsKnownSize: true } vector => Resolve(model, input, columnName, vector, isRawPixels),
            _ => throw Mismatch(model, input, columnName, column, "a known-size vector, or images"),
        };

    static int[] Resolve(OnnxModel model, OnnxTensorInfo input, string columnName, VectorDataViewType column, bool isRawPixels)
    {
        var wanted = input.RowDimensions;
        var given = column.Dimensions;
        if (isRawPixels)
            return Planar(given, wanted)
                ?? Interleaved(given, wanted)
                ?? throw Mismatch(model, input, columnName, column, "raw pixels [channels, height, width] of its size");
        if (input.ElementType == TensorElementType.UInt8 && column.ItemType == NumberDataViewType.Single)
            return Interleaved(given, wanted)
                ?? throw Mismatch(
                    model,
                    input,
                    columnName,
                    column,
                    "bytes (ml.Transforms.Conversion.ConvertType), images, or raw pixels [channels, height, width]"
                );
        if (given.Length == wanted.Length && given.Zip(wanted).All(pair => pair.Second < 0 || pair.First == pair.Second))
            return [.. given];

        var isOpen = wanted.Any(length => length < 0);
        if (!isOpen && (given.Length == 1 || wanted.Length == 1) && column.Size == OnnxRows.Size(wanted))
            return wanted;

        var remedy =
            IsInterleaved(given, wanted)
                ? $"planar pixels of {given[2]} x {given[0]} x {given[1]}; ExtractPixels makes them unless interleavePixelColors is set"
            : isOpen ? $"a vector with {wanted.Length} dimensions"
            : $"a vector of {string.Join(" x ", wanted)} values, or a flat one of {OnnxRows.Size(wanted)}";
        throw Mismatch(model, input, columnName, column, remedy);
    }

    static int[]? Planar(IReadOnlyList<int> given, int[] wanted) =>
        given.Count == 3 && wanted.Length == 3 && given.Zip(wanted).All(pair => pair.Second < 0 || pair.First == pair.Second)
            ? [.. given]
            : null;

    /// <summary>Whether a column has [H, W, C] where the model takes [C, H, W].</summary>
    static bool IsInterleaved(IReadOnlyList<int> given, int[] wanted) =>
        wanted.Length == 3
        && given is [var height, var width, var channels and (1 or 3 or 4)]
        && wanted.Zip([channels, height, width]).All(pair => pair.First < 0 || pair.First == pair.Second);

    /// <summary>Floats are planar, [C, H, W], and bytes are interleaved, [H, W, C]; null if the two shapes do not fit one
    /// image.</summary>
    static int[]? Interleaved(IReadOnlyList<int> given, int[] wanted)
    {
        if (given is not [var channels and (1 or 3 or 4), var height, var width])
            return null;
        int[] interleaved = [height, width, channels];
        return wanted.Length == 3 && interleaved.Zip(wanted).All(pair => pair.Second < 0 || pair.First == pair.Second) ? interleaved : null;
    }

    static ArgumentOutOfRangeException Mismatch(
        OnnxModel model,
        OnnxTensorInfo input,
        string columnName,
        DataViewType column,
        string remedy
    ) =>
        new(
            nameof(column),
            $"Schema mismatch for input column '{columnName}': it is {column}, but '{model.FileName}' takes {input}, which needs {remedy}."
        );
}
