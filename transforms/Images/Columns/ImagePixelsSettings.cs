using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>The settings for reading images in a saved model.</summary>
sealed record ImagePixelsSettings(
    string InputColumnName,
    string? RootFolder,
    int Height,
    int Width,
    int Channels,
    long FileLength,
    long PixelCount,
    ImageFormats Formats,
    byte Red,
    byte Green,
    byte Blue,
    bool ScaledDecoding,
    double ScaledOversampling
)
{
    public static ImagePixelsSettings Of(ImagePixelsEstimator.Options options)
    {
        var decoder = options.Decoder;
        return new(
            options.InputColumnName,
            options.RootFolder,
            options.Height,
            options.Width,
            options.Channels,
            decoder.Limits.FileLength,
            decoder.Limits.PixelCount,
            decoder.Formats,
            decoder.Background.Red,
            decoder.Background.Green,
            decoder.Background.Blue,
            decoder.ScaledDecoding,
            decoder.ScaledOversampling
        );
    }

    /// <summary>Interleaved, as images of ML.NET are.</summary>
    ImageDecoder CreateDecoder() =>
        new(
            new(Channels, Height, Width),
            new ImageDecoderOptions
            {
                Limits = new() { FileLength = FileLength, PixelCount = PixelCount },
                Formats = Formats,
                Background = (Red, Green, Blue),
                Layout = PixelLayout.Interleaved,
                ScaledDecoding = ScaledDecoding,
                ScaledOversampling = ScaledOversampling,
            }
        );

    /// <summary>Decodes images by the settings that come with each row. All rows have the same settings.</summary>
    internal sealed class Reader
    {
        // One reference, so that a concurrent cursor sees all of it or nothing.
        Parsed? _parsed;

        public MLImage Read(ReadOnlyMemory<char> text, Action<ImagePixelsSettings, ImageDecoder, Span<byte>> decode)
        {
            var parsed = _parsed;
            if (parsed is null || !text.Span.SequenceEqual(parsed.Text))
                _parsed = parsed = Parse($"{text}");
            var pixels = new byte[parsed.Decoder.Shape.Length];
            decode(parsed.Settings, parsed.Decoder, pixels);
            var (channels, height, width) = parsed.Decoder.Shape;
            return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, WithAlpha(pixels, channels));
        }

        static Parsed Parse(string text)
        {
            var settings =
                JsonSerializer.Deserialize<ImagePixelsSettings>(Encoding.UTF8.GetString(Convert.FromBase64String(text)))
                ?? throw new InvalidDataException("The model's settings for reading images are empty; save it again.");
            return new(text, settings, settings.CreateDecoder());
        }

        static byte[] WithAlpha(byte[] pixels, int channels)
        {
            var rgba = new byte[pixels.Length / channels * 4];
            for (var (source, target) = (0, 0); target < rgba.Length; (source, target) = (source + channels, target + 4))
            {
                var last = channels - 1;
                (rgba[target], rgba[target + 1], rgba[target + 2], rgba[target + 3]) = (
                    pixels[source],
                    pixels[source + last / 2],
                    pixels[source + last],
                    255
                );
            }
            return rgba;
        }

        sealed record Parsed(string Text, ImagePixelsSettings Settings, ImageDecoder Decoder);
    }
}
