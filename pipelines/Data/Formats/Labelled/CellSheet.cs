using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Formats.Labelled;

/// <summary>
/// Reads a sheet: one grey image whose cells are the images, class after class, in reading order. Each class has the same number of cells.
/// The first four fifths of the cells of a class belong to the split train, the others to test.
/// </summary>
static class CellSheet
{
    /// <param name="file">The PNG file.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="split">"train" or "test".</param>
    /// <param name="cell">The size of a cell; one channel.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="InvalidDataException">The image cannot be decoded or cut into cells.</exception>
    public static LabelledImages Read(byte[] file, string name, string split, ImageShape cell, int classCount)
    {
        if (split is not ("train" or "test"))
            throw new InvalidDataException($"{name}: a sheet has the splits train and test, and no '{split}'.");
        var (sheet, pixels) = Decode(file, name);
        var (columns, cells) = (sheet.Width / cell.Width, sheet.Area / cell.Area);
        if (sheet.Width % cell.Width != 0 || sheet.Height % cell.Height != 0 || cells % classCount != 0)
            throw new InvalidDataException(
                $"{name}: {sheet.Height} x {sheet.Width} pixels cannot be cut into cells of {cell.Height} x {cell.Width}, "
                    + $"as many for each of {classCount} classes."
            );

        var cellsOfClass = cells / classCount;
        var trained = cellsOfClass * 4 / 5;
        int[] rows = [.. Enumerable.Range(0, cells).Where(place => place % cellsOfClass < trained == (split == "train"))];
        var images = new LabelledImages(new byte[rows.Length * cell.Length], new byte[rows.Length]);
        foreach (var (row, place) in rows.Index())
        {
            images.Classes[row] = (byte)(place / cellsOfClass);
            var corner = place / columns * cell.Height * sheet.Width + place % columns * cell.Width;
            for (var y = 0; y < cell.Height; y++)
                pixels.AsSpan(corner + y * sheet.Width, cell.Width).CopyTo(images.Pixels.AsSpan(row * cell.Length + y * cell.Width));
        }
        return images;
    }

    static (ImageShape Shape, byte[] Pixels) Decode(byte[] file, string name)
    {
        try
        {
            var header = ImageDecoder.ReadHeader(file);
            var shape = new ImageShape(1, header.Height, header.Width);
            return (shape, new ImageDecoder(shape).Decode(file));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{name}: {exception.Message}", exception);
        }
    }
}
