using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Transforms.Batching;

/// <summary>Holds the values of one pass-through column for a block of rows. Slots are reused, so a pass allocates once.</summary>
abstract class ColumnBuffer : IDisposable
{
    /// <summary>Copies the source's current value into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>A <c>ValueGetter</c> of the column's type that copies the value of the slot <paramref name="slot"/>.</summary>
    public abstract Delegate CreateGetter(Func<int> slot);

    public virtual void Dispose() { }

    /// <exception cref="NotSupportedException">Values of the column's type cannot be copied by public means.</exception>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int slotCount)
    {
        Type open,
            value;
        switch (column.Type)
        {
            case VectorDataViewType vector:
                (open, value) = (typeof(VectorBuffer<>), vector.ItemType.RawType);
                break;
            case PrimitiveDataViewType primitive:
                (open, value) = (typeof(ValueBuffer<>), primitive.RawType);
                break;
            case ImageDataViewType:
                return new ImageBuffer(source.GetGetter<MLImage>(column), slotCount);
            default:
                throw new NotSupportedException(
                    $"Column '{column.Name}' of type {column.Type} cannot be carried through "
                        + "a block of rows. Drop it first, or do not request it."
                );
        }
        return (ColumnBuffer)Activator.CreateInstance(open.MakeGenericType(value), source, column, slotCount)!;
    }
}

/// <summary>Numbers, keys, text, times: values that copy by assignment. Text is a slice of an immutable string.</summary>
sealed class ValueBuffer<T>(DataViewRow source, DataViewSchema.Column column, int slotCount) : ColumnBuffer
{
    readonly ValueGetter<T> _read = source.GetGetter<T>(column);
    readonly T[] _slots = new T[slotCount];

    public override void Read(int slot) => _read(ref _slots[slot]);

    public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _slots[slot()]);
}

/// <summary>Vectors of any item type, dense or sparse, of fixed or varying size.</summary>
sealed class VectorBuffer<T>(DataViewRow source, DataViewSchema.Column column, int slotCount) : ColumnBuffer
{
    readonly ValueGetter<VBuffer<T>> _read = source.GetGetter<VBuffer<T>>(column);
    readonly VBuffer<T>[] _slots = new VBuffer<T>[slotCount];

    public ref readonly VBuffer<T> this[int slot] => ref _slots[slot];

    public override void Read(int slot) => _read(ref _slots[slot]);

    public override Delegate CreateGetter(Func<int> slot) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _slots[slot()].CopyTo(ref value));
}

/// <summary>
/// The code that decoded an image owns it and may dispose of it at the next row. So the buffer keeps copies. It never disposes of the
/// source's own image: a view over objects in memory returns the caller's images.
/// </summary>
sealed class ImageBuffer(ValueGetter<MLImage> read, int slotCount) : ColumnBuffer
{
    readonly MLImage?[] _slots = new MLImage?[slotCount];
    MLImage? _current;

    public override void Read(int slot)
    {
        read(ref _current!);
        _slots[slot]?.Dispose();
        _slots[slot] = Copy(_current);
    }

    // As everywhere in ML.NET, the getter disposes of the previous image in the same variable.
    public override Delegate CreateGetter(Func<int> slot) =>
        (ValueGetter<MLImage>)(
            (ref MLImage value) =>
            {
                var copy = Copy(_slots[slot()]);
                value?.Dispose();
                value = copy!;
            }
        );

    public override void Dispose()
    {
        foreach (var image in _slots)
            image?.Dispose();
        Array.Clear(_slots);
        base.Dispose();
    }

    static MLImage? Copy(MLImage? image)
    {
        if (image is null)
            return null;
        var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        copy.Tag = image.Tag;
        return copy;
    }
}
