using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Tests.Models;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training;

[TestClass]
public class AugmentationTests
{
    const int Height = 5,
        Width = 7,
        Channels = 3,
        Length = Channels * Height * Width;

    [TestMethod]
    public void A_crop_moves_the_image_by_whole_pixels_over_black_all_shifts_equally_often()
    {
        var augmenter = new ImageAugmenter(new(CropPadding: 2), Channels, Height, Width);
        var image = Image(1);
        var counts = new Dictionary<(int, int), int>();
        for (var row = 0; row < 5000; row++)
        {
            var augmented = Apply(augmenter, image, key: 9, (ulong)row);
            var (down, right) = Shifts(2).Single(shift => Shifted(image, shift.Down, shift.Right).SequenceEqual(augmented));
            counts[(down, right)] = counts.GetValueOrDefault((down, right)) + 1;
        }
        // 25 shifts, 200 expected each: 24 degrees of freedom, 0.1 % point of chi-square.
        Assert.HasCount(25, counts);
        Assert.IsLessThan(51.2, counts.Values.Sum(count => Math.Pow(count - 200, 2) / 200));
    }

    [TestMethod]
    public void A_flip_mirrors_every_second_image_left_to_right()
    {
        var augmenter = new ImageAugmenter(new(HorizontalFlip: true), Channels, Height, Width);
        var image = Image(2);
        var mirrored = Enumerable.Range(0, Length).Select(index => image[index - index % Width + Width - 1 - index % Width]).ToArray();
        var flips = 0;
        for (var row = 0; row < 1000; row++)
        {
            var augmented = Apply(augmenter, image, key: 5, (ulong)row);
            var isMirrored = mirrored.SequenceEqual(augmented);
            Assert.IsTrue(isMirrored || image.SequenceEqual(augmented));
            flips += isMirrored ? 1 : 0;
        }
        // Four standard deviations of a binomial count.
        Assert.AreEqual(500, flips, 64);
    }

    [TestMethod]
    public void A_row_is_augmented_by_its_key_and_id_alone()
    {
        var augmenter = new ImageAugmenter(new(CropPadding: 1, HorizontalFlip: true, Operations: 2, Magnitude: 9), Channels, Height, Width);
        var image = Image(3);
        Assert.AreSequenceEqual(Apply(augmenter, image, 1, 7), Apply(augmenter, image, 1, 7));
        var others = Enumerable.Range(0, 20).Select(row => Apply(augmenter, image, 1, (ulong)row)).ToArray();
        Assert.IsGreaterThan(15, others.Select(row => string.Join(' ', row)).Distinct().Count());
        Assert.IsTrue(Enumerable.Range(0, 20).Any(row => !Apply(augmenter, image, 2, (ulong)row).SequenceEqual(others[row])));
    }

    [TestMethod]
    public void A_quarter_turn_and_two_steps_in_one_map_are_what_they_are_one_after_the_other()
    {
        var image = Enumerable.Range(0, 36).Select(value => (float)value).ToArray();
        var turned = Resample(AffineMap.Rotation(MathF.PI / 2), image, 6, 6);
        for (var row = 0; row < 6; row++)
        for (var column = 0; column < 6; column++)
            Assert.AreEqual(image[(5 - column) * 6 + row], turned[row * 6 + column], 1e-3, $"{row} {column}");

        var first = AffineMap.Translation(1, 0);
        var second = AffineMap.Mirror;
        Assert.AreSequenceEqual(Resample(second, Resample(first, image, 6, 6), 6, 6), Resample(first.Then(second), image, 6, 6));
    }

    [TestMethod]
    public void Half_a_pixel_is_the_mean_of_two_and_a_shear_moves_each_row_by_its_height()
    {
        Assert.AreSequenceEqual([1f, 3, 5, 3], Resample(AffineMap.Translation(-0.5f, 0), [0f, 2, 4, 6], 1, 4));
        // Rows at -1, 0 and 1 from the centre come from one pixel left, from themselves, from one pixel right.
        Assert.AreSequenceEqual([0f, 1, 2, 4, 5, 6, 8, 9, 0], Resample(AffineMap.Shear(1, 0), [1f, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3));
    }

    [TestMethod]
    public void Colours_change_as_their_definitions_say()
    {
        Assert.AreSequenceEqual([0f, 15, 150, 255], Changed(image => ColourOperations.Brightness(image, 1.5f), 0, 10, 100, 200));
        Assert.AreSequenceEqual([50f, 100, 150], Changed(image => ColourOperations.Contrast(image, 1, 0.5f), 0, 100, 200));
        Assert.AreSequenceEqual([0f, 100, 255], Changed(image => ColourOperations.Contrast(image, 1, 3), 0, 100, 200));
        Assert.AreSequenceEqual([0f, 127.5f, 255], Changed(image => ColourOperations.AutoContrast(image, 1), 10, 20, 30));
        Assert.AreSequenceEqual([7f, 7, 7], Changed(image => ColourOperations.AutoContrast(image, 1), 7, 7, 7));
        Assert.AreSequenceEqual([0f, 16, 240], Changed(image => ColourOperations.Posterize(image, 4), 15, 31, 255));
        Assert.AreSequenceEqual([127f, 127, 0], Changed(image => ColourOperations.Solarize(image, 128), 127, 128, 255));
        // Red counts 0.299, green 0.587, blue 0.114 towards the mean grey, here 100 · 0.299.
        Assert.AreSequenceEqual([29.9f, 29.9f, 29.9f], Changed(image => ColourOperations.Contrast(image, 3, 0), 100, 0, 0));
    }

    [TestMethod]
    public void Magnitude_0_changes_nothing_but_contrast_stretched_to_the_full_range()
    {
        var augmenter = new ImageAugmenter(new(Operations: 1, Magnitude: 0), Channels, Height, Width);
        var image = Image(4);
        foreach (
            var operation in Enum.GetValues<ImageAugmenter.Operation>()
                .Where(operation => operation != ImageAugmenter.Operation.AutoContrast)
        )
        {
            var changed = image.ToArray();
            augmenter.Colour(operation, 0, changed);
            Assert.IsLessThan(1e-4, image.Zip(changed, (before, after) => Math.Abs(before - after)).Max(), operation.ToString());
        }
    }

    [TestMethod]
    public void Augmented_values_stay_from_0_to_255_and_no_row_allocates()
    {
        var augmenter = new ImageAugmenter(
            new(CropPadding: 2, HorizontalFlip: true, Operations: 3, Magnitude: 10),
            Channels,
            Height,
            Width
        );
        var (image, row, scratch) = (Image(5), new float[Length], new float[Length]);
        augmenter.Apply(row, scratch, 1, new DataViewRowId(0, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (least, most) = (0f, 0f);
        for (ulong id = 0; id < 500; id++)
        {
            image.CopyTo(row, 0);
            augmenter.Apply(row, scratch, 1, new DataViewRowId(id, 0));
            foreach (var value in row)
                (least, most) = (MathF.Min(least, value), MathF.Max(most, value));
        }
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsGreaterThanOrEqualTo(-1e-3f, least);
        Assert.IsLessThanOrEqualTo(255.01f, most);
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(3.0)]
    public void Shares_have_the_mean_and_variance_of_the_Beta_distribution(double alpha)
    {
        const int Count = 20_000;
        var shares = Enumerable
            .Range(0, Count)
            .Select(index => Mixup.Share(alpha, RandomStream.Create(1, RandomStream.Mixup, index)))
            .ToArray();
        var variance = 1 / (4 * (2 * alpha + 1));
        Assert.IsTrue(shares.All(share => share is >= 0 and <= 1));
        Assert.AreEqual(0.5, shares.Average(), 4 * Math.Sqrt(variance / Count));
        Assert.AreEqual(variance, shares.Average(share => Math.Pow(share - 0.5, 2)), 0.04 * variance);
    }

    [TestMethod]
    public void Rows_are_mixed_with_those_from_the_other_end_and_a_middle_one_with_itself()
    {
        float[] rows = [0, 10, 20, 30, 40, 50];
        Mixup.Mix(rows, rowLength: 2, new float[2], share: 0.75f);
        Assert.AreSequenceEqual([10f, 20, 20, 30, 30, 40], rows);
    }

    [TestMethod]
    public void The_loss_of_mixed_rows_is_the_mixed_loss_of_both_classes()
    {
        var options = new NoisyViTTrainer.Options
        {
            LabelSmoothing = 0,
            BatchSize = 3,
            Seed = 1,
        };
        using var network = NoisyNN.Tests.Models.TinyNetwork.Create();
        var pixels = NoisyNN.Tests.Models.TinyNetwork.Pixels(network, 3);
        using var batch = new Batch(3, network.InputShape);
        var images = new PlantedImages();
        // Three rows of classes 0, 1 and 2; their pixels are replaced, as the planted images have another size.
        using var rows = RowStore.Read(images.View(3), new() { LabelColumnName = "Label", Labels = PlantedImages.Labels });
        batch.Fill(rows, [0, 1, 2]);
        pixels.CopyTo(batch.PixelValues);
        batch.Mix(0.7, network.InputLength, new float[network.InputLength]);

        using var task = new ClassificationTask(network, CPU, options, rows, validation: null);
        var (loss, _) = task.Compute(batch);
        var logits = NoisyNN.Tests.Models.TinyNetwork.Logits(network, batch.PixelValues.ToArray()).Chunk(4).ToArray();
        var expected = logits.Select((row, index) => 0.7 * Entropy(row, index) + 0.3 * Entropy(row, 2 - index)).Average();
        Assert.AreEqual(expected, loss, 1e-5);

        static double Entropy(float[] logits, int right) => Math.Log(logits.Sum(logit => Math.Exp(logit))) - logits[right];
    }

    [TestMethod]
    public void A_crop_that_could_leave_nothing_is_refused()
    {
        Assert.Contains(
            "CropPadding is 5, but the images are 7 x 5",
            Assert.Throws<ArgumentException>(() => new ImageAugmenter(new(CropPadding: 5), 1, Height, Width)).Message
        );
        Assert.Contains("from 0 to 10", Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation(Magnitude: double.NaN)).Message);
        Assert.AreEqual(
            "Operations",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation() with { Operations = -1 }).ParamName
        );
    }

    static float[] Image(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Length).Select(_ => (float)random.Next(256))];
    }

    static float[] Apply(ImageAugmenter augmenter, float[] image, ulong key, ulong row)
    {
        var copy = image.ToArray();
        augmenter.Apply(copy, new float[Length], key, new DataViewRowId(row, 0));
        return copy;
    }

    static IEnumerable<(int Down, int Right)> Shifts(int padding) =>
        from down in Enumerable.Range(-padding, 2 * padding + 1)
        from right in Enumerable.Range(-padding, 2 * padding + 1)
        select (down, right);

    static float[] Shifted(float[] image, int down, int right) =>
        [
            .. Enumerable
                .Range(0, Length)
                .Select(index =>
                {
                    var (row, column) = (index / Width % Height - down, index % Width - right);
                    return row is >= 0 and < Height && column is >= 0 and < Width ? image[index - down * Width - right] : 0;
                }),
        ];

    static float[] Resample(AffineMap map, float[] image, int height, int width)
    {
        var target = new float[image.Length];
        map.Resample(image, target, height, width);
        return target;
    }

    static float[] Changed(SpanAction change, params float[] image)
    {
        change(image);
        return [.. image.Select(value => MathF.Round(value, 3))];
    }

    delegate void SpanAction(Span<float> image);
}
