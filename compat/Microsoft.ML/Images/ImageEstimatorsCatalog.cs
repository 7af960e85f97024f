using System;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Transforms of images.</summary>
public static class ImageEstimatorsCatalog
{
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string imageFolder,
        string inputColumnName = null) =>
        new(catalog.Environment, imageFolder, asImages: true, [new(outputColumnName, inputColumnName)]);

    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string imageFolder,
        string inputColumnName = null) =>
        new(catalog.Environment, imageFolder, asImages: false, [new(outputColumnName, inputColumnName)]);

    public static ImageResizingEstimator ResizeImages(this TransformsCatalog catalog, string outputColumnName, int imageWidth,
        int imageHeight, string inputColumnName = null,
        ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center) =>
        new(catalog.Environment, new(outputColumnName, inputColumnName), imageWidth, imageHeight, resizing, cropAnchor);

    public static ImageGrayscalingEstimator ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null) =>
        new(catalog.Environment, new(outputColumnName, inputColumnName));

    public static ImagePixelExtractingEstimator ExtractPixels(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavePixelColors = false, float offsetImage = 0, float scaleImage = 1, bool outputAsFloatArray = true) =>
        new(catalog.Environment, new(outputColumnName, inputColumnName),
            new(colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage, outputAsFloatArray));

    /// <summary>As in the official package, the four defaults are not used: colours that a vector lacks are 0, alpha is 255.</summary>
    public static VectorToImageConvertingEstimator ConvertToImage(this TransformsCatalog catalog, int imageHeight, int imageWidth,
        string outputColumnName,
        string inputColumnName = null, ImagePixelExtractingEstimator.ColorBits colorsPresent = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfColors = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavedColors = false, float scaleImage = 1, float offsetImage = 0,
        int defaultAlpha = 255, int defaultRed = 0, int defaultGreen = 0, int defaultBlue = 0) =>
        new(catalog.Environment, new(outputColumnName, inputColumnName),
            new(imageHeight, imageWidth, colorsPresent, orderOfColors, interleavedColors,
            scaleImage, offsetImage));
}
