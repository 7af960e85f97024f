using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Decoding and encoding by libNoisyImage, which stands on libjpeg-turbo and libpng.</summary>
internal static partial class ImageCodec
{
    private const string Library = "NoisyImage";
    private const int ErrorSize = 256;
    private const int JpegQuality = 100;

    static ImageCodec() => NativeLibrary.SetDllImportResolver(typeof(ImageCodec).Assembly, Resolve);

    /// <param name="encoded">A JPEG or PNG file.</param>
    /// <param name="refuse">Makes the exception for a file that cannot be decoded.</param>
    public static unsafe MLImage Decode(ReadOnlySpan<byte> encoded, Func<string, Exception> refuse)
    {
        var error = stackalloc byte[ErrorSize];
        fixed (byte* data = encoded)
        {
            if (ReadSize(data, (nuint)encoded.Length, out var width, out var height, error, ErrorSize) != 0)
                throw refuse(TextOf(error));
            var image = new MLImage(width, height, MLPixelFormat.Bgra32);
            fixed (byte* pixels = image.WritablePixels)
            {
                if (Decode(data, (nuint)encoded.Length, pixels, width, height, error, ErrorSize) == 0)
                    return image;
            }
            image.Dispose();
            throw refuse(TextOf(error));
        }
    }

    public static unsafe void Encode(MLImage image, bool asPng, Stream stream)
    {
        var error = stackalloc byte[ErrorSize];
        var redFirst = image.PixelFormat == MLPixelFormat.Rgba32 ? 1 : 0;
        byte* data;
        nuint length;
        fixed (byte* pixels = image.Pixels)
        {
            var result = asPng
                ? EncodePng(pixels, image.Width, image.Height, redFirst, out data, out length, error, ErrorSize)
                : EncodeJpeg(pixels, image.Width, image.Height, redFirst, JpegQuality, out data, out length, error, ErrorSize);
            if (result != 0)
                throw new InvalidOperationException($"Unable to encode the image: {TextOf(error)}.");
        }
        try
        {
            stream.Write(new ReadOnlySpan<byte>(data, checked((int)length)));
        }
        finally
        {
            Free(data);
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return IntPtr.Zero;
        return NativeLibrary.TryLoad(name, assembly, path, out var handle) ? handle : throw new DllNotFoundException(
            "libNoisyImage.so, which decodes images, is missing beside Microsoft.ML.dll. Run ./noisynn once: it builds what is missing.");
    }

    private static unsafe string TextOf(byte* error) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error)).TrimEnd('.');

    [LibraryImport(Library, EntryPoint = "noisy_image_size")]
    private static unsafe partial int ReadSize(byte* data, nuint length, out int width, out int height, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "noisy_image_decode")]
    private static unsafe partial int Decode(byte* data, nuint length, byte* bgra, int width, int height, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "noisy_image_encode_jpeg")]
    private static unsafe partial int EncodeJpeg(byte* pixels, int width, int height, int redFirst, int quality, out byte* data,
        out nuint length, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "noisy_image_encode_png")]
    private static unsafe partial int EncodePng(byte* pixels, int width, int height, int redFirst, out byte* data, out nuint length,
        byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "noisy_image_free")]
    private static unsafe partial void Free(byte* data);
}
