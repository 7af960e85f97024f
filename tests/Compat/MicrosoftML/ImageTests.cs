using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class ImageTests
{
    private readonly MLContext _ml = new(1);

    public required TestContext TestContext { get; init; }

    private sealed class Named
    {
        public string Path { get; set; } = "";
    }

    private sealed class Pictured
    {
        [ImageType(2, 3)]
        public MLImage? Image { get; set; }
    }

    /// <summary>Two rows of three pixels: red, green, blue; white, black, and a mixture.</summary>
    private static MLImage Small() => MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32,
    [
        0, 0, 255, 255, 0, 255, 0, 255, 255, 0, 0, 255,
        255, 255, 255, 255, 0, 0, 0, 255, 10, 20, 30, 255,
    ]);

    private string FileOf(string extension)
    {
        var path = Path.Combine(TestContext.TestRunDirectory ?? Path.GetTempPath(), $"{Guid.NewGuid():N}{extension}");
        using var image = Small();
        image.Save(path);
        return path;
    }

    [TestMethod]
    public void A_view_of_objects_wants_the_size_of_its_images()
    {
        var definition = SchemaDefinition.Create(typeof(Pictured));
        definition[nameof(Pictured.Image)].ColumnType = new ImageDataViewType();
        var view = _ml.Data.LoadFromEnumerable(new List<Pictured> { new() { Image = Small() } }, definition);
        Assert.Throws<NotSupportedException>(() => view.GetRowCursor(view.Schema));
    }

    [TestMethod]
    public void Pixels_come_back_as_they_were_given()
    {
        using var image = Small();

        Assert.AreEqual(3, image.Width);
        Assert.AreEqual(2, image.Height);
        Assert.AreEqual(32, image.BitsPerPixel);
        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
        Assert.AreEqual(24, image.Pixels.Length);
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30 }, image.GetBGRPixels[^3..]);
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, new byte[23]));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(3, 2, MLPixelFormat.Unknown, new byte[24]));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(0, 2, MLPixelFormat.Bgra32, []));
    }

    [TestMethod]
    public void A_disposed_image_says_so()
    {
        var image = Small();
        image.Dispose();
        image.Dispose();

        Assert.ThrowsExactly<InvalidOperationException>(() => image.Width);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Pixels.Length);
    }

    [TestMethod]
    public void PNG_keeps_every_pixel()
    {
        var path = FileOf(".png");
        using var original = Small();
        using var read = MLImage.CreateFromFile(path);
        using var stream = File.OpenRead(path);
        using var streamed = MLImage.CreateFromStream(stream);

        CollectionAssert.AreEqual(original.GetBGRPixels, read.GetBGRPixels);
        CollectionAssert.AreEqual(original.GetBGRPixels, streamed.GetBGRPixels);
    }

    [TestMethod]
    public void JPEG_keeps_even_areas_within_rounding()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jpg");
        using (var even = MLImage.CreateFromPixels(16, 16, MLPixelFormat.Rgba32,
            [.. Enumerable.Repeat(new byte[] { 200, 100, 50, 255 }, 256).SelectMany(p => p)]))
            even.Save(path);
        using var read = MLImage.CreateFromFile(path);

        foreach (var (expected, actual) in new byte[] { 50, 100, 200 }.Zip(read.GetBGRPixels))
            Assert.IsLessThanOrEqualTo(2, Math.Abs(expected - actual));
        File.Delete(path);
    }

    [TestMethod]
    public void Grey_and_palette_and_sixteen_bit_files_become_colour_pixels()
    {
        // 2 x 1 pixels each: grey 0, 255; palette red, blue; sixteen-bit grey 0x8080, 0xFFFF.
        foreach (var (base64, expected) in new (string, byte[])[]
        {
            (TinyPng.Of(bits: 8, colorType: 0, row: [0, 0, 255]), [0, 0, 0, 255, 255, 255]),
            (TinyPng.Of(bits: 8, colorType: 3, row: [0, 0, 1], palette: [255, 0, 0, 0, 0, 255]), [0, 0, 255, 255, 0, 0]),
            (TinyPng.Of(bits: 16, colorType: 0, row: [0, 0x80, 0x80, 0xFF, 0xFF]), [128, 128, 128, 255, 255, 255]),
        })
        {
            using var image = MLImage.CreateFromStream(new MemoryStream(Convert.FromBase64String(base64)));
            Assert.AreEqual(2, image.Width);
            CollectionAssert.AreEqual(expected, image.GetBGRPixels);
        }
    }

    [TestMethod]
    public void What_is_no_image_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream([1, 2, 3, 4])));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream()));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile("no such file.png"));
        using var image = Small();
        Assert.ThrowsExactly<ArgumentException>(() => image.Save("image.text"));
    }

    [TestMethod]
    public void A_damaged_file_is_refused_or_still_an_image_and_nothing_worse()
    {
        var path = FileOf(".png");
        var whole = File.ReadAllBytes(path);
        var damaged = Enumerable.Range(0, whole.Length).Select(length => whole[..length])
            .Concat(Enumerable.Range(0, whole.Length).Select(i => (byte[])[.. whole[..i], (byte)~whole[i], .. whole[(i + 1)..]]));
        var refused = 0;
        foreach (var bytes in damaged)
        {
            try
            {
                using var image = MLImage.CreateFromStream(new MemoryStream(bytes));
                Assert.AreEqual(4 * image.Width * image.Height, image.Pixels.Length);
            }
            catch (ArgumentException)
            {
                refused++;
            }
        }

        // At the least what does not reach the pixels is refused.
        Assert.IsGreaterThan(30, refused);
    }

    [TestMethod]
    public void Extraction_yields_planes_of_red_green_and_blue_by_default()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<Pictured> { new() { Image = Small() } });
        var planes = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(view).Transform(view);

        Assert.AreEqual("Vector<Single, 3, 2, 3>", planes.Schema["Pixels"].Type.ToString());
        CollectionAssert.AreEqual(new float[]
        {
            255, 0, 0, 255, 0, 30,
            0, 255, 0, 255, 0, 20,
            0, 0, 255, 255, 0, 10,
        }, planes.Vectors("Pixels")[0]);
    }

    [TestMethod]
    public void Extraction_can_interleave_scale_choose_and_give_bytes()
    {
        static List<Pictured> Rows() => [new() { Image = Small() }];
        var scaled = _ml.Transforms.ExtractPixels("Pixels", "Image",
            colorsToExtract: ImagePixelExtractingEstimator.ColorBits.Red | ImagePixelExtractingEstimator.ColorBits.Blue,
            orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ABGR, interleavePixelColors: true, offsetImage: 5,
                scaleImage: 0.5f);
        var view = _ml.Data.LoadFromEnumerable(Rows());
        var vector = scaled.Fit(view).Transform(view).Vectors("Pixels")[0];

        CollectionAssert.AreEqual(new float[] { -2.5f, 125f }, vector[..2]);
        CollectionAssert.AreEqual(new float[] { 2.5f, 12.5f }, vector[^2..]);

        var bytes = _ml.Data.LoadFromEnumerable(Rows());
        var asBytes = _ml.Transforms.ExtractPixels("Pixels", "Image", outputAsFloatArray: false).Fit(bytes).Transform(bytes);
        CollectionAssert.AreEqual(new byte[] { 255, 0, 0, 255, 0, 30 }, asBytes.GetColumn<byte[]>("Pixels").Single()[..6]);
    }

    [TestMethod]
    public void A_vector_becomes_an_image_and_a_vector_again()
    {
        var rows = new List<Flat> { new() { Values = [255, 0, 0, 255, 0, 30, 0, 255, 0, 255, 0, 20, 0, 0, 255, 255, 0, 10] } };
        var view = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.ConvertToImage(2, 3, "Image",
            "Values").Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(view);
        var result = model.Transform(view);

        Assert.AreEqual("Image<2, 3>", result.Schema["Image"].Type.ToString());
        CollectionAssert.AreEqual(rows[0].Values, result.Vectors("Pixels")[0]);
    }

    private sealed class Flat
    {
        [VectorType(18)]
        public float[] Values { get; set; } = [];
    }

    [TestMethod]
    public void Files_are_loaded_resized_and_extracted_in_one_pipeline()
    {
        var path = FileOf(".png");
        var view = _ml.Data.LoadFromEnumerable(new List<Named> { new() { Path = Path.GetFileName(path) },
            new() { Path = Path.GetFileName(path) } });
        var pipeline = _ml.Transforms.LoadImages("Image", Path.GetDirectoryName(path), "Path")
            .Append(_ml.Transforms.ResizeImages("Image", imageWidth: 6, imageHeight: 4, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(_ml.Transforms.ConvertToGrayscale("Gray", "Image"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(_ml.Transforms.ExtractPixels("GrayPixels", "Gray"))
            .Append(_ml.Transforms.LoadRawImageBytes("Bytes", Path.GetDirectoryName(path), "Path"));
        var result = pipeline.Fit(view).Transform(view);

        Assert.AreEqual("Vector<Single, 3, 4, 6>", result.Schema["Pixels"].Type.ToString());
        var red = result.Vectors("Pixels")[1][..24];
        // Filling takes the nearest pixel, so every pixel of the 2 x 3 image is four of the 4 x 6 one.
        CollectionAssert.AreEqual(new float[] { 255, 255, 0, 0, 0, 0 }, red[..6]);
        CollectionAssert.AreEqual(new float[] { 255, 255, 0, 0, 30, 30 }, red[^6..]);
        // 0.3 x 255 = 76.5, and the green pixel beside it is 150.45.
        Assert.AreEqual(76.5f, result.Vectors("GrayPixels")[0][0], 0.51f);
        Assert.AreEqual(150.45f, result.Vectors("GrayPixels")[0][2], 0.51f);
        CollectionAssert.AreEqual(File.ReadAllBytes(path), result.GetColumn<byte[]>("Bytes").First());
    }

    [TestMethod]
    public void Resizing_keeps_an_even_colour_and_pads_with_black()
    {
        byte[] pixels = [.. Enumerable.Repeat(new byte[] { 40, 80, 120, 255 }, 6).SelectMany(p => p)];
        List<Pictured> Rows() => [new() { Image = MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, pixels) }];

        float[] RedOf(ImageResizingEstimator.ResizingKind kind)
        {
            var view = _ml.Data.LoadFromEnumerable(Rows());
            return _ml.Transforms.ResizeImages("Image", 6, 6, resizing: kind).Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
                .Fit(view).Transform(view).Vectors("Pixels")[0][..36];
        }

        Assert.IsTrue(RedOf(ImageResizingEstimator.ResizingKind.IsoCrop).All(v => Math.Abs(v - 120) <= 1));
        var padded = RedOf(ImageResizingEstimator.ResizingKind.IsoPad);
        Assert.IsTrue(padded[..6].All(v => v == 0));
        Assert.IsTrue(padded[6..30].All(v => Math.Abs(v - 120) <= 1));
        Assert.IsTrue(padded[30..].All(v => v == 0));
    }

    [TestMethod]
    public void Extraction_needs_a_known_size_and_images()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<Named> { new() { Path = "a.png" } });

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", "Path").Fit(view));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(view));
    }

    private sealed class Titled
    {
        public string Title { get; set; } = "";

        [ImageType(2, 3)]
        public MLImage? Image { get; set; }
    }

    [TestMethod]
    public void Images_are_not_among_the_columns_that_are_cached_or_shuffled()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<Titled> { new() { Image = Small() } });

        Assert.AreEqual("Title", _ml.Data.Cache(view).Schema.Single().Name);
        Assert.AreEqual("Title", _ml.Data.ShuffleRows(view).Schema.Single().Name);
    }

    [TestMethod]
    public void A_folder_that_does_not_exist_is_refused_at_once() =>
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.LoadImages("Image", "no such folder", "Path"));
}
