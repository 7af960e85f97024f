using Microsoft.ML.Data;
using NoisyNN.Models.Randomness;

namespace NoisyNN.Models.Training.ImageAugmentation;

/// <summary>
/// Augments one image: a pure function of (key, row id), where the key changes with the epoch. Thread-safe; the caller brings the scratch
/// space.
/// </summary>
sealed class ImageAugmenter
{
    // What magnitude 10 stands for, as in torchvision's RandAugment.
    const float LargestShear = 0.3f,
        LargestTranslation = 150f / 331,
        LargestRotation = MathF.PI / 6,
        LargestEnhancement = 0.9f,
        LargestBitLoss = 4;

    readonly Augmentation _augmentation;
    readonly int _channels,
        _height,
        _width;
    readonly float _strength;

    /// <exception cref="ArgumentException">A crop could leave nothing of an image.</exception>
    public ImageAugmenter(Augmentation augmentation, int channels, int height, int width)
    {
        if (augmentation.CropPadding >= Math.Min(height, width))
            throw new ArgumentException(
                $"{nameof(augmentation.CropPadding)} is {augmentation.CropPadding}, but the images are {width} x "
                    + $"{height} pixels: a crop could leave nothing of one. Pad by less."
            );
        (_augmentation, _channels, _height, _width) = (augmentation, channels, height, width);
        _strength = (float)(augmentation.Magnitude / 10);
    }

    /// <summary>The operations of RandAugment's list that need neither a histogram nor a neighbourhood.</summary>
    internal enum Operation
    {
        Identity,
        ShearX,
        ShearY,
        TranslateX,
        TranslateY,
        Rotate,
        Brightness,
        Contrast,
        AutoContrast,
        Posterize,
        Solarize,
    }

    public void Apply(Span<float> image, Span<float> scratch, ulong key, DataViewRowId id)
    {
        var random = RandomStream.Create(key, id);
        var map = AffineMap.Identity;
        if (_augmentation.CropPadding is > 0 and var padding)
            map = map.Then(AffineMap.Translation(random.Next(2 * padding + 1) - padding, random.Next(2 * padding + 1) - padding));
        if (_augmentation.HorizontalFlip && random.Next(2) == 1)
            map = map.Then(AffineMap.Mirror);
        for (var count = 0; count < _augmentation.Operations; count++)
        {
            var operation = (Operation)random.Next((int)Operation.Solarize + 1);
            var strength = random.Next(2) == 1 ? -_strength : _strength;
            map = map.Then(Move(operation, strength));
            Colour(operation, strength, image);
        }

        if (map == AffineMap.Identity)
            return;
        map.Resample(image, scratch, _height, _width);
        scratch[..image.Length].CopyTo(image);
    }

    AffineMap Move(Operation operation, float strength) =>
        operation switch
        {
            Operation.ShearX => AffineMap.Shear(strength * LargestShear, 0),
            Operation.ShearY => AffineMap.Shear(0, strength * LargestShear),
            Operation.TranslateX => AffineMap.Translation(MathF.Round(strength * LargestTranslation * _width), 0),
            Operation.TranslateY => AffineMap.Translation(0, MathF.Round(strength * LargestTranslation * _height)),
            Operation.Rotate => AffineMap.Rotation(strength * LargestRotation),
            _ => AffineMap.Identity,
        };

    /// <summary>The sign matters only to brightness and contrast, which may rise or fall.</summary>
    internal void Colour(Operation operation, float strength, Span<float> image)
    {
        switch (operation)
        {
            case Operation.Brightness:
                ColourOperations.Brightness(image, 1 + strength * LargestEnhancement);
                break;
            case Operation.Contrast:
                ColourOperations.Contrast(image, _channels, 1 + strength * LargestEnhancement);
                break;
            case Operation.AutoContrast:
                ColourOperations.AutoContrast(image, _channels);
                break;
            case Operation.Posterize:
                ColourOperations.Posterize(image, 8 - (int)MathF.Round(Math.Abs(strength) * LargestBitLoss));
                break;
            case Operation.Solarize:
                ColourOperations.Solarize(image, ColourOperations.White * (1 - Math.Abs(strength)) + (strength == 0 ? 1 : 0));
                break;
            default:
                break; // the others move pixels
        }
    }
}
