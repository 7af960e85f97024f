using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Tests.Images;

[TestClass]
public sealed class ImageResamplingTests
{
    [TestMethod]
    public void Shrinking_averages_the_covered_area()
    {
        byte[] image = [0, 100, 10, 30, 100, 200, 50, 70];

        Assert.AreSequenceEqual(new byte[] { 100, 40 }, ImageResampling.Resize(image, new ImageShape(1, 2, 4), 1, 2));
    }

    [TestMethod]
    public void Pixels_that_are_covered_in_part_count_in_part()
    {
        // 3 to 2: each new pixel is one and a half old ones, (1 * 30 + 0.5 * 90) / 1.5 and (0.5 * 90 + 1 * 210) / 1.5.
        Assert.AreSequenceEqual(new byte[] { 50, 170 }, ImageResampling.Resize([30, 90, 210], new ImageShape(1, 1, 3), 1, 2));
    }

    [TestMethod]
    public void Enlarging_interpolates_between_pixel_centres()
    {
        // 2 to 4: the new centres lie at -0.25, 0.25, 0.75, 1.25 of the old ones; outside, the edge continues.
        Assert.AreSequenceEqual(new byte[] { 0, 25, 75, 100 }, ImageResampling.Resize([0, 100], new ImageShape(1, 1, 2), 1, 4));
        Assert.AreSequenceEqual(new byte[] { 0, 25, 75, 100 }, ImageResampling.Resize([0, 100], new ImageShape(1, 2, 1), 4, 1));
    }

    [TestMethod]
    [DataRow(7, 5)]
    [DataRow(5, 7)]
    [DataRow(1, 9)]
    [DataRow(31, 1)]
    public void One_colour_stays_that_colour_in_every_channel(int from, int to)
    {
        byte[] image = [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Repeat((byte)(85 * channel + 85), from * from))];

        var resized = ImageResampling.Resize(image, new ImageShape(3, from, from), to, to);

        Assert.AreSequenceEqual(
            Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Repeat((byte)(85 * channel + 85), to * to)).ToArray(),
            resized
        );
    }
}
