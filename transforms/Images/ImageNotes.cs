namespace NoisyNN.Transforms.Images;

/// <summary>What you may want to know about an image that was accepted.</summary>
[Flags]
public enum ImageNotes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A JPEG file has a few bytes between its segments that belong to none of them.</summary>
    StrayBytes = 1,

    /// <summary>The colours are declared in a space other than sRGB. The values are those of the file; none is converted.</summary>
    ColourProfile = 2,

    /// <summary>A CMYK or YCCK JPEG. Its colours are multiplied by black, without a profile.</summary>
    Cmyk = 4,

    /// <summary>16 bits a sample. The high byte is taken.</summary>
    SixteenBits = 8,

    /// <summary>The image has transparency. It is composed on the background colour.</summary>
    Transparency = 16,

    /// <summary>An animation. The first frame is taken.</summary>
    Animation = 32,

    /// <summary>The first frame of a GIF does not cover the canvas. The rest is background.</summary>
    PartialFrame = 64,

    /// <summary>The JPEG was decoded at some eighths of its size (<see cref="ImageDecoderOptions.ScaledDecoding"/>).</summary>
    Scaled = 128,
}
