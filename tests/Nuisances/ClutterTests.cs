using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Tests.Nuisances;

[TestClass]
public sealed class ClutterTests
{
    const int Side = 4,
        Canvas = 12;

    static readonly MLContext s_ml = new(seed: 1);

    [TestMethod]
    public void Without_pieces_the_image_is_somewhere_on_a_black_canvas()
    {
        var rows = Clutter(ImageRows.Of(s_ml, 900, Side, Side), pieces: 0);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, Canvas, Canvas), rows.Schema["Pixels"].Type);
        foreach (var (number, image) in ImageRows.Pixels(rows).Index())
        {
            var first = Array.FindIndex(image, value => value > 0);
            var expected = new float[Canvas * Canvas];
            for (var y = 0; y < Side; y++)
                expected.AsSpan(first + y * Canvas, Side).Fill(number % 200 + 1);
            Assert.AreSequenceEqual(expected, image);
        }
        // 9 x 9 corners.
        Assert.HasCount(81, ImageRows.Pixels(rows).Select(image => Array.FindIndex(image, value => value > 0)).Distinct().ToList());
    }

    [TestMethod]
    public void The_place_column_names_the_part_that_holds_the_middle_of_the_image()
    {
        var rows = Clutter(ImageRows.Of(s_ml, 300, Side, Side), pieces: 0);

        foreach (var (image, place) in ImageRows.Pixels(rows).Zip(ImageRows.Places(rows)))
        {
            var first = Array.FindIndex(image, value => value > 0);
            var (middleRow, middleColumn) = (first / Canvas + Side / 2, first % Canvas + Side / 2);
            Assert.AreEqual(NuisancePlace.Names[3 * (middleRow / (Canvas / 3)) + middleColumn / (Canvas / 3)], place);
        }
    }

    [TestMethod]
    public void Pieces_of_other_images_lie_around_the_image_and_never_darken_it()
    {
        var data = ImageRows.Of(s_ml, 100, Side, Side);

        var (bare, cluttered) = (ImageRows.Pixels(Clutter(data, pieces: 0)), ImageRows.Pixels(Clutter(data, pieces: 5)));

        foreach (var (alone, image) in bare.Zip(cluttered))
        {
            Assert.IsTrue(alone.Zip(image).All(pixel => pixel.Second >= pixel.First));
            // Five pieces of 2 x 2 pixels.
            Assert.IsLessThanOrEqualTo(20, image.Zip(alone).Count(pixel => pixel.First != pixel.Second));
        }
        Assert.IsTrue(cluttered.SelectMany(image => image).All(value => value is >= 0 and <= 100));
        Assert.IsGreaterThan(90, bare.Zip(cluttered).Count(pair => !pair.First.SequenceEqual(pair.Second)));
    }

    [TestMethod]
    public void The_order_of_the_fitted_rows_does_not_choose_the_pieces()
    {
        var data = ImageRows.Of(s_ml, 600, Side, Side);
        var shuffled = s_ml.Data.ShuffleRows(data, seed: 4);
        var clutter = s_ml.Nuisance.Clutter("Pixels", Canvas, pieces: 5, pieceSize: 2, seed: 7);

        Assert.AreSequenceEqual(
            ImageRows.Pixels(clutter.Fit(data).Transform(data)).SelectMany(image => image).ToArray(),
            ImageRows.Pixels(clutter.Fit(shuffled).Transform(data)).SelectMany(image => image).ToArray()
        );
    }

    [TestMethod]
    public void A_canvas_without_room_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            s_ml.Nuisance.Clutter("Pixels", Side, pieceSize: 2).Fit(ImageRows.Of(s_ml, 3, Side, Side))
        );

        Assert.Contains("A canvas of 4 pixels has no room around an image of 4 x 4", error.Message);
    }

    static IDataView Clutter(IDataView data, int pieces) =>
        s_ml.Nuisance.Clutter("Pixels", Canvas, pieces, pieceSize: 2, seed: 7).Fit(data).Transform(data);
}
