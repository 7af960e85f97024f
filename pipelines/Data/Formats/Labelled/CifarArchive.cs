using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data.Formats.Labelled;

/// <summary>
/// Reads the binary archive of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html). Its files are records of one byte, the class, and
/// the pixels as planes of red, green and blue. <c>data_batch_N.bin</c> belong to the split train, <c>test_batch.bin</c> to test.
/// </summary>
static class CifarArchive
{
    /// <param name="archive">The .tar.gz file.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="split">"train" or "test".</param>
    /// <param name="shape">The size of an image, 3 x 32 x 32 in CIFAR-10.</param>
    /// <exception cref="InvalidDataException">The archive is damaged, or holds no whole records of the split.</exception>
    public static LabelledImages Read(byte[] archive, string name, string split, ImageShape shape)
    {
        var prefix = split switch
        {
            "train" => "data_batch_",
            "test" => "test_batch",
            _ => throw new InvalidDataException($"{name}: a CIFAR archive has the splits train and test, and no '{split}'."),
        };
        var batches = TarFiles
            .Read(archive, name, path => IsBatch(Path.GetFileName(path), prefix))
            .OrderBy(batch => batch.Key, StringComparer.Ordinal)
            .ToList();
        if (batches.Count == 0)
            throw new InvalidDataException($"{name}: the archive holds no file {prefix}*.bin.");

        var record = 1 + shape.Length;
        foreach (var (path, content) in batches)
            if (content.Length == 0 || content.Length % record != 0)
                throw new InvalidDataException($"{name}: {path} has {content.Length} bytes; its records have {record} bytes each.");

        var count = batches.Sum(batch => batch.Value.Length / record);
        var images = new LabelledImages(new byte[count * shape.Length], new byte[count]);
        var row = 0;
        foreach (var (_, content) in batches)
            for (var start = 0; start < content.Length; start += record, row++)
            {
                images.Classes[row] = content[start];
                content.AsSpan(start + 1, shape.Length).CopyTo(images.Pixels.AsSpan(row * shape.Length));
            }
        return images;
    }

    static bool IsBatch(string file, string prefix) =>
        file.StartsWith(prefix, StringComparison.Ordinal) && file.EndsWith(".bin", StringComparison.Ordinal);
}
