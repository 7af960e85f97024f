using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Reports;

[TestClass]
public sealed class PictureTests
{
    /// <summary>Read back by the decoder of image files, which is another program's.</summary>
    static byte[] Decode(Picture picture)
    {
        var address = picture.ToDataUri();
        Assert.StartsWith("data:image/png;base64,", address);
        var planes = new ImageDecoder(new ImageShape(3, picture.Height, picture.Width), new ImageLimits()).Decode(
            Convert.FromBase64String(address[(address.IndexOf(',') + 1)..])
        );
        return [.. Enumerable.Range(0, planes.Length).Select(i => planes[i % 3 * picture.Height * picture.Width + i / 3])];
    }

    [TestMethod]
    public void A_picture_in_an_address_is_a_PNG_file_with_its_colours()
    {
        var picture = new Picture(3, 2, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 14))]);

        CollectionAssert.AreEqual(picture.Colours, Decode(picture));
    }

    [TestMethod]
    public void Grey_is_the_same_in_all_colours_and_planes_are_interleaved()
    {
        CollectionAssert.AreEqual(new byte[] { 7, 7, 7, 9, 9, 9 }, Picture.Of([7, 9], new ImageShape(1, 1, 2), 96).Colours);
        CollectionAssert.AreEqual(new byte[] { 1, 3, 5, 2, 4, 6 }, Picture.Of([1, 2, 3, 4, 5, 6], new ImageShape(3, 1, 2), 96).Colours);
    }

    [TestMethod]
    public void A_large_image_is_shown_small_and_keeps_its_proportions()
    {
        var picture = Picture.Of(new byte[3 * 100 * 200], new ImageShape(3, 100, 200), maximum: 50);

        Assert.AreEqual((50, 25), (picture.Width, picture.Height));
    }

    [TestMethod]
    public void Heat_is_white_at_nothing_and_gets_darker_with_every_step()
    {
        var colours = Picture.Scale.Colours;
        int[] brightness =
        [
            .. Enumerable.Range(0, Picture.Scale.Width).Select(i => colours[3 * i] + colours[3 * i + 1] + colours[3 * i + 2]),
        ];

        Assert.AreEqual(3 * 255, brightness[0]);
        for (var i = 1; i < brightness.Length; i++)
            Assert.IsLessThan(brightness[i - 1], brightness[i]);
        CollectionAssert.AreEqual(
            new byte[] { 255, 255, 255 },
            Picture.OfHeat(new float[1, 1], maximum: 0).Colours,
            "no information at all"
        );
    }
}
