using System.Net;
using System.Text;
using NoisyNN.Benchmarks.Images;
using NoisyNN.Tests.Images;
using SkiaSharp;

namespace NoisyNN.Benchmarks.Serving;

/// <summary>A request that clients send again and again.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Status">The only right answer.</param>
/// <param name="Body">Makes the body.</param>
sealed record PostedRequest(string Name, HttpStatusCode Status, Func<HttpContent> Body)
{
    public bool IsGood => Status == HttpStatusCode.OK;

    static readonly Lazy<byte[]> s_small = new(() => Encode(SKEncodedImageFormat.Png, 30, 30)),
        s_claim = new(() => PngFiles.Write(50_000, 50_000, bitDepth: 1, colourType: 0, new byte[1000])),
        s_large = new(() => PngFiles.Write(16_000, 16_000, bitDepth: 1, colourType: 0, new byte[16_000 * 2001]));

    /// <summary>Photographs and drawings of different sizes and formats.</summary>
    public static IReadOnlyList<PostedRequest> Good { get; } =
    [
        Image("photograph", GeneratedPhotographs.Encode(320, 240, seed: 1)),
        Image("larger photograph", GeneratedPhotographs.Encode(640, 480, seed: 2)),
        Image("PNG", Encode(SKEncodedImageFormat.Png, 96, 64)),
        Image("WebP", Encode(SKEncodedImageFormat.Webp, 200, 150)),
        new("JSON", HttpStatusCode.OK, () => Json($"{{\"image\":\"{Convert.ToBase64String(Encode(SKEncodedImageFormat.Png, 40, 40))}\"}}")),
        new("form", HttpStatusCode.OK, () => Form(4)),
    ];

    /// <summary>Mistakes, and requests that are made to harm.</summary>
    public static IReadOnlyList<PostedRequest> Bad { get; } = Refused();

    static PostedRequest[] Refused()
    {
        var photograph = GeneratedPhotographs.Encode(320, 240, seed: 3);
        var drawing = Encode(SKEncodedImageFormat.Png, 96, 64);
        return
        [
            new("cut JPEG", HttpStatusCode.BadRequest, () => Bytes(photograph[..(photograph.Length / 2)])),
            new("cut PNG", HttpStatusCode.BadRequest, () => Bytes(drawing[..^5])),
            new("nothing", HttpStatusCode.BadRequest, () => Bytes([])),
            new("text", HttpStatusCode.UnsupportedMediaType, () => Bytes("no image at all"u8.ToArray())),
            new("another type", HttpStatusCode.UnsupportedMediaType, () => new StringContent("<a/>", Encoding.UTF8, "application/xml")),
            new("no JSON", HttpStatusCode.BadRequest, () => Json("{\"image\":")),
            new("JSON without an image", HttpStatusCode.UnprocessableEntity, () => Json("{\"picture\":1}")),
            new("deep JSON", HttpStatusCode.BadRequest, () => Json(new string('[', 100_000))),
            new("form of 40 files", HttpStatusCode.RequestEntityTooLarge, () => Form(40)),
            new("50,000 x 50,000 pixels", HttpStatusCode.RequestEntityTooLarge, () => Bytes(s_claim.Value)),
            new("16,000 x 16,000 pixels", HttpStatusCode.RequestEntityTooLarge, () => Bytes(s_large.Value)),
        ];
    }

    static PostedRequest Image(string name, byte[] content) => new(name, HttpStatusCode.OK, () => Bytes(content));

    static ByteArrayContent Bytes(byte[] content) => new(content);

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static MultipartFormDataContent Form(int files)
    {
        var form = new MultipartFormDataContent();
        for (var file = 0; file < files; file++)
            form.Add(new ByteArrayContent(s_small.Value), "files", $"{file}.png");
        return form;
    }

    static byte[] Encode(SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        for (var i = 0; i < width * height; i++)
            bitmap.SetPixel(i % width, i / width, new((byte)(3 * i), (byte)(i / width), (byte)(i % width)));
        using var data = bitmap.Encode(format, quality: 80);
        return data.ToArray();
    }
}
