using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Marks a member of type <see cref="MLImage"/> as an image column. The height comes first.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    /// <summary>Without a size the attribute cannot be registered; as in the official package, give one.</summary>
    public ImageTypeAttribute()
    {
    }

    public ImageTypeAttribute(int height, int width)
    {
        if (width <= 0)
            throw new ArgumentOutOfRangeException(nameof(width), "Should be positive number");
        if (height <= 0)
            throw new ArgumentOutOfRangeException(nameof(height), "Should be positive number");
        _height = height;
        _width = width;
    }

    public override bool Equals(DataViewTypeAttribute other) =>
        other is ImageTypeAttribute image && image._height == _height && image._width == _width;

    public override int GetHashCode() => HashCode.Combine(_height, _width);

    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(_height, _width), typeof(MLImage), this);
}
