using SkiaSharp;

namespace NoisyNN.Benchmarks.Images;

/// <summary>JPEG files with a photograph's mixture of smooth shading, edges, texture and sensor noise; the same ones every time.</summary>
static class GeneratedPhotographs
{
    const int Quality = 90;

    public static byte[] Encode(int width, int height, int seed)
    {
        var pixels = new byte[4 * width * height];
        Paint(pixels, width, height, new Random(seed));
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var encoded = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return encoded.ToArray();
    }

    static void Paint(Span<byte> pixels, int width, int height, Random random)
    {
        var phase = random.NextDouble() * 7;
        var shapes = Enumerable.Range(0, 24).Select(_ => Shape.Next(random, width, height)).ToArray();
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var light = 120 + 50 * Math.Sin(0.009 * x + phase) + 35 * Math.Cos(0.013 * y - phase);
            var texture = 9 * Math.Sin(0.61 * x + 0.23 * y) * Math.Sin(0.017 * (x + y));
            var (red, green, blue) = (light, 0.9 * light + 12, 220 - 0.7 * light);
            foreach (var shape in shapes)
                if (shape.Holds(x, y))
                    (red, green, blue) = (0.5 * red + shape.Red, 0.5 * green + shape.Green, 0.5 * blue + shape.Blue);
            var noise = 6 * (random.NextDouble() + random.NextDouble() - 1) + texture;
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (
                Byte(red + noise),
                Byte(green + noise),
                Byte(blue + noise),
                255
            );
        }

        static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);
    }

    /// <summary>A disc of one colour.</summary>
    readonly record struct Shape(double X, double Y, double Radius, double Red, double Green, double Blue)
    {
        public static Shape Next(Random random, int width, int height) =>
            new(
                random.Next(width),
                random.Next(height),
                width * (0.02 + 0.1 * random.NextDouble()),
                128 * random.NextDouble(),
                128 * random.NextDouble(),
                128 * random.NextDouble()
            );

        public bool Holds(int x, int y) => (x - X) * (x - X) + (y - Y) * (y - Y) < Radius * Radius;
    }
}
