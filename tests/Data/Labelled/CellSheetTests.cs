using NoisyNN.Pipelines.Data.Formats.Labelled;
using NoisyNN.Tests.Images;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Data.Labelled;

[TestClass]
public sealed class CellSheetTests
{
    /// <summary>4 x 5 cells of 2 x 3 pixels; every pixel of a cell has the cell's number in reading order.</summary>
    static readonly byte[] s_sheet = ImageFiles.Png(
        15,
        8,
        (x, y) => ((byte)(y / 2 * 5 + x / 3), (byte)(y / 2 * 5 + x / 3), (byte)(y / 2 * 5 + x / 3))
    );

    static readonly ImageShape s_cell = new(1, 2, 3);

    [TestMethod]
    public void Four_fifths_of_the_cells_of_each_class_train_and_the_others_test()
    {
        var train = CellSheet.Read(s_sheet, "sheet.png", "train", s_cell, classCount: 2);
        var test = CellSheet.Read(s_sheet, "sheet.png", "test", s_cell, classCount: 2);

        // Cells 0 to 9 are of class 0, and 10 to 19 of class 1.
        Assert.AreSequenceEqual(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17 }, Numbers(train));
        Assert.AreSequenceEqual(new byte[] { 8, 9, 18, 19 }, Numbers(test));
        Assert.AreSequenceEqual(new byte[] { 0, 0, 1, 1 }, test.Classes);
    }

    [TestMethod]
    public void A_sheet_that_cannot_be_cut_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            CellSheet.Read(s_sheet, "sheet.png", "train", new ImageShape(1, 3, 3), classCount: 2)
        );

        Assert.Contains("sheet.png: 8 x 15 pixels cannot be cut into cells of 3 x 3", error.Message);
    }

    /// <summary>The number of each cell, if all its pixels have it.</summary>
    static byte[] Numbers(LabelledImages images) => [.. images.Pixels.Chunk(s_cell.Length).Select(cell => cell.Distinct().Single())];
}
