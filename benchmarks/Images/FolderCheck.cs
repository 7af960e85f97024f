using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using SkiaSharp;

namespace NoisyNN.Benchmarks.Images;

/// <summary>
/// Decodes all images of folders, and names those that are refused although Skia decodes them: false alarms, or files that are half grey.
/// </summary>
static class FolderCheck
{
    static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".jpe", ".webp", ".bmp", ".gif"];

    public static void Run(IReadOnlyCollection<string> folders)
    {
        var decoder = new ImageDecoder(new ImageShape(3, 64, 64));
        var pixels = new byte[decoder.Shape.Length];
        var (read, refused, doubtful) = (0, 0, 0);
        foreach (
            var path in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(IsImage)
        )
        {
            var file = File.ReadAllBytes(path);
            if (decoder.TryDecode(file, pixels, out _, out var refusal))
            {
                read++;
                continue;
            }
            refused++;
            var isDoubtful = refusal.Kind != ImageRefusalKind.TooLarge && SkiaDecodes(file);
            doubtful += isDoubtful ? 1 : 0;
            Console.WriteLine($"{(isDoubtful ? "Skia decodes it: " : "")}{path}: {refusal.Reason}");
        }
        Console.WriteLine($"{read} read, {refused} refused, {doubtful} of them decoded by Skia");
    }

    static bool IsImage(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    static bool SkiaDecodes(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            return false;
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        return codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success;
    }
}
