using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Tests.Nuisances;

[TestClass]
public sealed class OcclusionTests
{
    const int Side = 9,
        Square = 3;

    static readonly MLContext s_ml = new(seed: 1);

    [TestMethod]
    public void A_constant_square_covers_its_pixels_and_no_others()
    {
        var rows = Occlude(ImageRows.Of(s_ml, 500, Side, Side), OcclusionFill.Constant);

        foreach (var (number, image) in ImageRows.Pixels(rows).Index())
        {
            Assert.AreEqual(Square * Square, image.Count(value => value == 0), $"row {number}");
            Assert.AreEqual(Side * Side - Square * Square, image.Count(value => value == number % 200 + 1), $"row {number}");
        }
    }

    [TestMethod]
    public void The_place_column_names_the_part_that_holds_the_middle_of_the_square()
    {
        var rows = Occlude(ImageRows.Of(s_ml, 500, Side, Side), OcclusionFill.Constant);

        foreach (var (image, place) in ImageRows.Pixels(rows).Zip(ImageRows.Places(rows)))
        {
            // The middle of a square of 3 pixels is the second of them; each third of the image has 3 pixels.
            var middle = Array.IndexOf(image, 0f) + Side + 1;
            Assert.AreEqual(NuisancePlace.Names[3 * (middle / Side / 3) + middle % Side / 3], place);
        }
    }

    [TestMethod]
    public void All_places_are_equally_likely()
    {
        var rows = Occlude(ImageRows.Of(s_ml, 4900, Side, Side), OcclusionFill.Constant);

        // 7 x 7 corners, so 100 images for each; the standard deviation is 9.9.
        var corners = ImageRows.Pixels(rows).CountBy(image => Array.IndexOf(image, 0f)).ToList();
        Assert.HasCount(49, corners);
        Assert.IsTrue(corners.All(corner => corner.Value is > 50 and < 150));
    }

    [TestMethod]
    public void A_square_of_another_image_shows_one_image_of_the_fitted_view()
    {
        var occlusion = s_ml.Nuisance.Occlude("Pixels", Square, OcclusionFill.OtherImage, seed: 3).Fit(ImageRows.Of(s_ml, 50, Side, Side));

        var images = ImageRows.Pixels(occlusion.Transform(ImageRows.Of(s_ml, 200, Side, Side)));

        foreach (var (number, image) in images.Index())
        {
            var foreign = image.Where(value => value != number + 1).ToList();
            // None if the other image is the image itself.
            Assert.IsTrue(foreign.Count is 0 or Square * Square, $"row {number}");
            Assert.IsTrue(foreign.Distinct().Count() <= 1 && foreign.All(value => value is >= 1 and <= 50), $"row {number}");
        }
        Assert.IsGreaterThan(
            30,
            images.Select(image => image.GroupBy(value => value).MinBy(group => group.Count())!.Key).Distinct().Count()
        );
    }

    [TestMethod]
    public void A_square_of_noise_has_whole_values_of_pixels_with_the_mean_of_the_uniform_distribution()
    {
        var rows = Occlude(ImageRows.Of(s_ml, 1, 200, 200), OcclusionFill.Noise, square: 190);

        var noise = ImageRows.Pixels(rows).Single().Where(value => value != 1).ToList();
        Assert.IsTrue(noise.All(value => value is >= 0 and <= 255 && value == MathF.Floor(value)));
        // 36,100 values less 1 of 256; the standard error of the mean is 0.39.
        Assert.AreEqual(127.5, noise.Average(), 2);
    }

    [TestMethod]
    public void A_row_has_the_same_nuisance_under_every_cursor_and_seed_alone_changes_it()
    {
        var data = ImageRows.Of(s_ml, 300, Side, Side);
        var rows = Occlude(data, OcclusionFill.Noise);

        Assert.AreSequenceEqual(ImageRows.Pixels(rows).SelectMany(image => image).ToArray(), Shuffled(rows));
        Assert.AreNotSequenceEqual(ImageRows.Places(rows), ImageRows.Places(Occlude(data, OcclusionFill.Noise, seed: 8)));

        static float[] Shuffled(IDataView rows)
        {
            var images = new SortedDictionary<ulong, float[]>();
            using var cursor = rows.GetRowCursor(rows.Schema, new Random(5));
            var (read, readId) = (cursor.GetGetter<VBuffer<float>>(rows.Schema["Pixels"]), cursor.GetIdGetter());
            var (pixels, id) = (default(VBuffer<float>), default(DataViewRowId));
            while (cursor.MoveNext())
            {
                read(ref pixels);
                readId(ref id);
                images.Add(id.Low, pixels.DenseValues().ToArray());
            }
            return [.. images.Values.SelectMany(image => image)];
        }
    }

    [TestMethod]
    public void A_probe_finds_the_place_of_a_square_in_the_pixels()
    {
        var rows = Occlude(ImageRows.Of(s_ml, 1000, Side, Side), OcclusionFill.Constant);

        // The place has log2(9) = 3.17 bits if its nine parts are equally likely; here their entropy is a little less.
        Assert.IsGreaterThan(1, s_ml.Entropy.Information(rows, "Pixels", "Place"));
    }

    [TestMethod]
    public void A_square_that_covers_the_whole_image_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            s_ml.Nuisance.Occlude("Pixels", Side).Fit(ImageRows.Of(s_ml, 3, Side, Side))
        );

        Assert.Contains("A square of 9 pixels covers all of an image of 9 x 9", error.Message);
    }

    [TestMethod]
    public void A_column_that_holds_no_images_is_refused_with_a_remedy()
    {
        var images = ImageRows.Of(s_ml, 3, Side, Side);
        var vectors = s_ml.Transforms.Concatenate("Pixels", "Pixels", "Pixels").Fit(images).Transform(images);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Nuisance.Occlude("Pixels", Square).Fit(vectors));

        Assert.Contains("Vector<Single, channels, height, width>", error.Message);
    }

    static IDataView Occlude(IDataView data, OcclusionFill fill, int square = Square, int seed = 7) =>
        s_ml.Nuisance.Occlude("Pixels", square, fill, seed: seed).Fit(data).Transform(data);
}
