using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

[TestClass]
public class ImageNoiseTests
{
    static readonly NoiseDefinition[] _noises =
    [
        new GaussianNoise(60),
        new SaltAndPepperNoise(0.4),
        new CircularShiftNoise(0.3, MixAxis.SpatialRows),
        new CircularShiftNoise(0.3, MixAxis.Channels),
        new OptimalMixingNoise(MixAxis.SpatialRows),
    ];

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void An_image_gets_the_noise_of_its_extracted_pixels_rounded_and_clipped(MLPixelFormat format)
    {
        foreach (var noise in _noises)
        {
            var images = _ml
                .Noise.Add("Noisy", noise, "Image", NoiseScope.Always, seed: 3)
                .Append(_ml.Transforms.ExtractPixels("Actual", "Noisy"));
            var vectors = _ml
                .Transforms.ExtractPixels("Pixels", "Image")
                .Append(_ml.Noise.Add("Noisy", noise, "Pixels", NoiseScope.Always, seed: 3));
            var actual = Vectors.Read(images.Fit(Pictures.View(_ml, 5, format)).Transform(Pictures.View(_ml, 5, format)), "Actual");
            var expected = Vectors.Read(vectors.Fit(Pictures.View(_ml, 5, format)).Transform(Pictures.View(_ml, 5, format)), "Noisy");
            for (var row = 0; row < 5; row++)
            {
                var bytes = expected[row].Select(value => MathF.Round(Math.Clamp(value, 0, 255))).ToArray();
                CollectionAssert.AreEqual(bytes, actual[row], $"{noise.Name}, row {row}");
            }
        }
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void A_shift_by_one_row_moves_rows_within_their_channel(MLPixelFormat format)
    {
        var clean = Pictures.Read(Pictures.View(_ml, 2, format));
        var shifted = Pictures.Read(
            Always(new CircularShiftNoise(1)).Fit(Pictures.View(_ml, 2, format)).Transform(Pictures.View(_ml, 2, format))
        );
        for (var i = 0; i < 80; i++)
            Assert.AreEqual(clean[1]![(i + 20) % 80], shifted[1]![i], $"byte {i}");
    }

    [TestMethod]
    public void A_shift_by_one_channel_turns_red_to_green_to_blue_whatever_the_order_in_memory()
    {
        foreach (var (format, successor) in new[] { (MLPixelFormat.Bgra32, new[] { 2, 0, 1 }), (MLPixelFormat.Rgba32, [1, 2, 0]) })
        {
            var data = Pictures.View(_ml, 1, format);
            var clean = Pictures.Read(data)[0]!;
            var shifted = Pictures.Read(Always(new CircularShiftNoise(1, MixAxis.Channels)).Fit(data).Transform(data))[0]!;
            for (var i = 0; i < 80; i++)
                Assert.AreEqual(i % 4 == 3 ? clean[i] : clean[i / 4 * 4 + successor[i % 4]], shifted[i], $"{format}, byte {i}");
        }
    }

    [TestMethod]
    public void Alpha_stays_and_no_colour_exceeds_it()
    {
        foreach (var alpha in new byte[] { 0, 1, 100, 255 })
        {
            var data = Pictures.AnySize(Pictures.Make(1, 7, 9, alpha: alpha));
            var noisy = Pictures.Read(Always(new GaussianNoise(300)).Fit(data).Transform(data))[0]!;
            for (var i = 0; i < noisy.Length; i++)
            {
                if (i % 4 == 3)
                    Assert.AreEqual(alpha, noisy[i]);
                else
                    Assert.IsLessThanOrEqualTo(alpha, noisy[i]);
            }
        }
    }

    [TestMethod]
    public void Images_of_different_sizes_are_each_mixed_over_their_own_height()
    {
        var data = Pictures.AnySize(Pictures.Make(0, 2, 3), Pictures.Make(1, 5, 1), Pictures.Make(2, 1, 17));
        var (clean, shifted) = (Pictures.Read(data), Pictures.Read(Always(new CircularShiftNoise(1)).Fit(data).Transform(data)));
        foreach (var (row, width) in new[] { (0, 3), (1, 1), (2, 17) })
        {
            var rotated = clean[row]!.Skip(4 * width).Concat(clean[row]!.Take(4 * width)).ToArray();
            CollectionAssert.AreEqual(rotated, shifted[row], $"row {row}");
        }
    }

    [TestMethod]
    public void Every_cursor_sees_the_same_noise_and_rows_without_it_are_copies()
    {
        var data = Pictures.View(_ml, 40);
        var view = _ml.Noise.Add("Image", new GaussianNoise(60), scope: NoiseScope.Always, rowProbability: 0.5).Fit(data).Transform(data);
        var (clean, expected) = (Pictures.Read(data), Pictures.Read(view));
        using var one = view.GetRowCursor(view.Schema);
        using var two = view.GetRowCursor(view.Schema);
        one.MoveNext();
        two.MoveNext();
        two.MoveNext();
        foreach (var (row, actual) in Pictures.Read(two).Index())
            CollectionAssert.AreEqual(expected[row + 2], actual);
        foreach (var (row, actual) in Pictures.Read(one).Index())
            CollectionAssert.AreEqual(expected[row + 1], actual);
        Assert.IsInRange(5, 35, clean.Zip(expected).Count(pair => pair.First!.SequenceEqual(pair.Second!)));
    }

    [TestMethod]
    public void The_caller_owns_each_image_and_the_sources_stay_the_sources()
    {
        var sources = Enumerable.Range(0, 3).Select(row => Pictures.Make(row, 4, 5)).ToArray();
        sources[1].Tag = "second";
        var data = Pictures.AnySize(sources);
        var view = Always(new GaussianNoise(60)).Fit(data).Transform(data);
        MLImage? image = null,
            first;
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
            cursor.MoveNext();
            getter(ref image!);
            first = image;
            cursor.MoveNext();
            getter(ref image!);
            Assert.AreEqual("second", image.Tag);
            Assert.ThrowsExactly<InvalidOperationException>(
                () => first.Width,
                "the variable's image was replaced, so the one before is gone"
            );
        }
        Assert.AreEqual(5, image.Width, "the last one outlives the cursor");
        foreach (var source in sources)
            Assert.AreEqual(5, source.Width);
    }

    [TestMethod]
    public void A_missing_image_stays_missing()
    {
        var data = Pictures.AnySize(Pictures.Make(0, 2, 2), null, Pictures.Make(2, 2, 2));
        var noisy = Pictures.Read(Always(new GaussianNoise(60)).Fit(data).Transform(data));
        Assert.IsNull(noisy[1]);
        Assert.IsNotNull(noisy[2]);
    }

    [TestMethod]
    public void Images_that_cannot_take_the_noise_are_refused_when_it_is_fitted()
    {
        var known = Pictures.View(_ml, 1);
        var anySize = Pictures.AnySize(Pictures.Make(0, 4, 5));
        StringAssert.Contains(Refused(new OptimalMixingNoise(MixAxis.Batch), known), "ExtractPixels");
        StringAssert.Contains(Refused(new OptimalMixingNoise(MixAxis.Tokens), known), "Tokens");
        StringAssert.Contains(Refused(new OptimalMixingNoise(MixAxis.Tokens), anySize), "Tokens");
        var shaped = new NoiseEstimator.Options
        {
            OutputColumnName = "Image",
            Noise = new GaussianNoise(1),
            Dimensions = [3, 4, 5],
        };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Noise.Add(shaped).Fit(known)).Message,
            "an image has its own"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => Always(new CircularShiftNoise(0.5)).Fit(known)).Message,
            "4 pixel rows"
        );
    }

    [TestMethod]
    public void An_image_that_turns_out_not_to_suit_is_named_by_column_row_and_size()
    {
        var even = Pictures.AnySize(Pictures.Make(0, 3, 5), Pictures.Make(0, 4, 5));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            Pictures.Read(Always(new CircularShiftNoise(0.5)).Fit(even).Transform(even))
        );
        StringAssert.Contains(error.Message, "'Image'");
        StringAssert.Contains(error.Message, "4 x 5 pixels in row 1");

        var wrong = _ml.Data.LoadFromEnumerable(new[] { new Pictures.Row { Image = Pictures.Make(0, 5, 4) } });
        error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            Pictures.Read(Always(new GaussianNoise(1)).Fit(wrong).Transform(wrong))
        );
        StringAssert.Contains(error.Message, "5 x 4 pixels in row 0, but its type says 4 x 5");
    }

    [TestMethod]
    public void Training_noise_passes_new_images_and_is_saved_as_a_copy_of_the_column()
    {
        var model = _ml
            .Noise.Gaussian("Image", standardDeviation: 60)
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Fit(Pictures.View(_ml, 3));
        var expected = Vectors.Read(
            _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(Pictures.View(_ml, 3)).Transform(Pictures.View(_ml, 3)),
            "Pixels"
        );
        using var stream = new MemoryStream();
        _ml.Model.Save(model, Pictures.View(_ml, 1).Schema, stream);
        stream.Position = 0;
        foreach (var transformer in new ITransformer[] { model, new MLContext().Model.Load(stream, out _) })
        {
            var actual = Vectors.Read(transformer.Transform(Pictures.View(_ml, 3)), "Pixels");
            for (var row = 0; row < 3; row++)
                CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }

    [TestMethod]
    public void An_engine_predicts_single_images()
    {
        var train = Pictures.View(_ml, 2);
        foreach (var scope in new[] { NoiseScope.Training, NoiseScope.Always })
        {
            using var engine = _ml.Model.CreatePredictionEngine<Pictures.Row, Extracted>(
                _ml.Noise.Gaussian("Image", standardDeviation: 60, scope: scope)
                    .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
                    .Fit(train)
            );
            var pixels = engine.Predict(new() { Image = Pictures.Make(0, 4, 5) }).Pixels;
            var clean = Vectors.Read(_ml.Transforms.ExtractPixels("Pixels", "Image").Fit(train).Transform(Pictures.View(_ml, 1)), "Pixels")[
                0
            ];
            Assert.AreEqual(scope is NoiseScope.Training, pixels.SequenceEqual(clean));
        }
    }

    [TestMethod]
    public void Extracted_pixels_are_cached_and_shuffled_with_the_images_noise()
    {
        var data = Pictures.View(_ml, 30);
        var noisy = Always(new GaussianNoise(60)).Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(data).Transform(data);
        var expected = Vectors.Read(noisy, "Pixels");
        foreach (var derived in new[] { _ml.Data.Cache(noisy), _ml.Data.ShuffleRows(noisy, seed: 1) })
        {
            Assert.IsEmpty(derived.Schema.Where(column => column.Type is ImageDataViewType), "ML.NET drops the images themselves");
            foreach (
                var (number, vector) in Vectors.Read(
                    derived.GetRowCursor(derived.Schema.Where(column => column.Name is "Number" or "Pixels")),
                    "Pixels"
                )
            )
                CollectionAssert.AreEqual(expected[number], vector, $"row {number}");
        }
    }

    [TestMethod]
    public void Images_from_files_of_any_size_are_loaded_made_noisy_resized_and_extracted()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var (row, size) in new[] { (6, 4), (9, 12), (3, 3) }.Index())
                Pictures.Make(row, size.Item1, size.Item2).Save(Path.Combine(folder.FullName, $"{row}.png"));
            var files = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(row => new Named { File = $"{row}.png" }));
            var load = _ml.Transforms.LoadImages("Image", folder.FullName, "File");
            var pipeline = load.Append(Always(new GaussianNoise(60)))
                .Append(_ml.Transforms.ResizeImages("Image", 4, 4))
                .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"));
            var noisy = pipeline.Fit(files).Transform(files);
            Assert.AreEqual(48, Vectors.Read(noisy, "Pixels")[2].Length);
            CollectionAssert.AreEqual(Vectors.Read(noisy, "Pixels")[1], Vectors.Read(noisy, "Pixels")[1]);

            var loaded = load.Append(Always(new GaussianNoise(60))).Fit(files).Transform(files);
            var before = Pictures.Read(load.Fit(files).Transform(files));
            CollectionAssert.AreEqual(new[] { 96, 432, 36 }, Pictures.Read(loaded).Select(image => image!.Length).ToArray());
            foreach (var (row, image) in Pictures.Read(loaded).Index())
                CollectionAssert.AreNotEqual(before[row], image);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    NoiseEstimator Always(NoiseDefinition noise) => _ml.Noise.Add("Image", noise, scope: NoiseScope.Always, seed: 3);

    string Refused(NoiseDefinition noise, IDataView data) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Always(noise).Fit(data)).Message;

    public sealed class Named
    {
        public string File { get; set; } = "";
    }

    public sealed class Extracted
    {
        public float[] Pixels { get; set; } = [];
    }
}
