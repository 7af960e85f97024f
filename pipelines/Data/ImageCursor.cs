using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// The base of all cursors over images. The first column holds pixels and the others text; only active columns have getters.
/// </summary>
abstract class ImageCursor(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    public sealed override DataViewSchema Schema => schema;

    /// <summary>Whether the cursor was disposed or has come to its end.</summary>
    protected bool IsOver { get; set; }

    /// <summary>The pixels of the row that the cursor stands on, planar, 0 to 255.</summary>
    protected abstract ReadOnlySpan<byte> Pixels { get; }

    /// <summary>A text of the row that the cursor stands on.</summary>
    protected abstract ReadOnlyMemory<char> TextOf(int column);

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index >= active.Length || !active[column.Index])
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not requested from this cursor.");
        var index = column.Index;
        Delegate getter =
            index == 0
                ? (ValueGetter<VBuffer<float>>)GetPixels
                : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> text) => text = TextOf(index));
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        IsOver = true;
        base.Dispose(disposing);
    }

    void GetPixels(ref VBuffer<float> pixels)
    {
        var source = Pixels;
        var editor = VBufferEditor.Create(ref pixels, source.Length);
        PixelConversion.Widen(source, editor.Values);
        pixels = editor.Commit();
    }
}
