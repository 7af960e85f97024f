namespace NoisyNN.Transforms.Images;

/// <summary>The properties of an encoded image that are known before a pixel is decoded.</summary>
/// <param name="Format">The format, by content.</param>
/// <param name="Width">Width of the upright image, in pixels.</param>
/// <param name="Height">Height of the upright image, in pixels.</param>
/// <param name="Orientation">The orientation of the stored image, 1 to 8 as in EXIF; 1 is upright.</param>
/// <param name="Channels">1 for grey, 3 for colour, 4 for anything with transparency.</param>
/// <param name="Notes">Unusual features of the image.</param>
public readonly record struct ImageHeader(ImageFormats Format, int Width, int Height, int Orientation, int Channels, ImageNotes Notes);
