using System.Text;
using System.Text.Json;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Formats.Labelled;

/// <summary>
/// Reads the emoji of one artist out of a package of emoji-data (https://github.com/iamcal/emoji-data): the images of 64 x 64 pixels, and
/// their categories in <c>emoji.json</c>. Transparent pixels become white.
/// </summary>
/// <remarks>
/// A hash of its code points decides the split of an emoji: 7 of 10 train, 1 validates, 2 test. Its variants of skin tone stay with it, so
/// that no split holds a drawing that another one nearly holds. The split is the same for all artists. The category 'Component', which
/// holds the skin tones themselves, is left out.
/// </remarks>
static class EmojiArchive
{
    const string Table = "/emoji.json";
    const string LeftOut = "Component";

    /// <param name="archive">The .tgz file.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="split">"train", "validation" or "test".</param>
    /// <param name="shape">The size that the images are resized to.</param>
    /// <param name="labels">The categories, in the order of the classes.</param>
    /// <exception cref="InvalidDataException">The archive or an image is damaged, or the table has another category.</exception>
    public static LabelledImages Read(byte[] archive, string name, string split, ImageShape shape, IReadOnlyList<string> labels)
    {
        if (split is not ("train" or "validation" or "test"))
            throw new InvalidDataException($"{name}: emoji have the splits train, validation and test, and no '{split}'.");
        var files = TarFiles.Read(archive, name, path => path.EndsWith(Table, StringComparison.Ordinal) || IsImage(path));
        var images = files.Where(file => IsImage(file.Key)).ToDictionary(file => Path.GetFileName(file.Key), file => file.Value);
        var chosen = ReadTable(files, name)
            .Where(emoji => emoji.Category != LeftOut && SplitOf(emoji.Unified) == split)
            .SelectMany(emoji => emoji.Images.Where(images.ContainsKey).Select(image => (image, Class: ClassOf(emoji.Category))))
            .ToList();
        if (chosen.Count == 0)
            throw new InvalidDataException($"{name}: the archive holds no image of the split {split}.");

        var decoder = new ImageDecoder(shape);
        var read = new LabelledImages(new byte[chosen.Count * shape.Length], new byte[chosen.Count]);
        foreach (var (row, (image, label)) in chosen.Index())
        {
            read.Classes[row] = label;
            try
            {
                decoder.Decode(images[image], read.Pixels.AsSpan(row * shape.Length, shape.Length));
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"{name}: {image}: {exception.Message}", exception);
            }
        }
        return read;

        byte ClassOf(string category)
        {
            for (var index = 0; index < labels.Count; index++)
                if (labels[index] == category)
                    return (byte)index;
            throw new InvalidDataException($"{name}: emoji.json has the category '{category}', which the manifest does not declare.");
        }
    }

    /// <summary>The split of an emoji, by FNV-1a over its code points as emoji.json writes them.</summary>
    internal static string SplitOf(string unified) =>
        (Encoding.ASCII.GetBytes(unified).Aggregate(2166136261u, (hash, code) => unchecked((hash ^ code) * 16777619u)) % 10) switch
        {
            < 7 => "train",
            7 => "validation",
            _ => "test",
        };

    static bool IsImage(string path) => path.Split('/') is [_, "img", _, "64", var file] && file.EndsWith(".png", StringComparison.Ordinal);

    static IEnumerable<Emoji> ReadTable(IReadOnlyDictionary<string, byte[]> files, string name)
    {
        try
        {
            var table =
                files.FirstOrDefault(file => file.Key.EndsWith(Table, StringComparison.Ordinal)).Value
                ?? throw new InvalidDataException($"{name}: the archive has no emoji.json.");
            using var document = JsonDocument.Parse(table);
            return
            [
                .. document
                    .RootElement.EnumerateArray()
                    .Select(emoji => new Emoji(
                        Text(emoji, "unified"),
                        Text(emoji, "category"),
                        [
                            Text(emoji, "image"),
                            .. emoji.TryGetProperty("skin_variations", out var variants)
                                ? variants.EnumerateObject().Select(variant => Text(variant.Value, "image"))
                                : [],
                        ]
                    )),
            ];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{name}: emoji.json cannot be read: {exception.Message}", exception);
        }

        static string Text(JsonElement element, string key) => element.GetProperty(key).GetString() ?? "";
    }

    sealed record Emoji(string Unified, string Category, IReadOnlyList<string> Images);
}
