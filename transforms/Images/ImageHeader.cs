namespace NoisyNN.Transforms.Images;

/// <summary>What an encoded image says about itself before a pixel is decoded.</summary>
/// <param name="Format">The format, by content.</param>
/// <param name="Width">Pixels of a row, upright.</param>
/// <param name="Height">Rows, upright.</param>
/// <param name="Orientation">How the stored image is turned to come out upright: 1 to 8, as EXIF numbers it; 1 is upright.</param>
/// <param name="Channels">1 for grey, 3 for colour, 4 for anything with transparency.</param>
/// <param name="Notes">What you may want to know.</param>
public readonly record struct ImageHeader(ImageFormats Format, int Width, int Height, int Orientation, int Channels, ImageNotes Notes);
