namespace NoisyNN.Transforms.Images;

/// <summary>Unusual features of an accepted image.</summary>
[Flags]
public enum ImageNotes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A JPEG file has a few stray bytes between its segments.</summary>
    StrayBytes = 1,

    /// <summary>The file declares a colour space other than sRGB. Its values are not converted.</summary>
    ColourProfile = 2,

    /// <summary>A CMYK or YCCK JPEG. Its colours are multiplied by black, without a profile.</summary>
    Cmyk = 4,

    /// <summary>16 bits a sample. The high byte is taken.</summary>
    SixteenBits = 8,

    /// <summary>The image has transparency. It is drawn on the background colour.</summary>
    Transparency = 16,

    /// <summary>An animation. The first frame is taken.</summary>
    Animation = 32,

    /// <summary>The first frame of a GIF does not cover the canvas. The rest is background.</summary>
    PartialFrame = 64,

    /// <summary>The JPEG was decoded at some eighths of its size (<see cref="ImageDecoderOptions.ScaledDecoding"/>).</summary>
    Scaled = 128,
}
