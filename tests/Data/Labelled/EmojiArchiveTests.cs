using System.Text;
using NoisyNN.Pipelines.Data.Formats.Labelled;
using NoisyNN.Tests.Images;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Data.Labelled;

[TestClass]
public sealed class EmojiArchiveTests
{
    const string SkinTone = "1F3FB";

    static readonly string[] s_categories = ["Food & Drink", "People & Body"];
    static readonly ImageShape s_shape = new(3, 4, 4);

    /// <summary>Sixty emoji of two categories, each second one with a variant of skin tone.</summary>
    static readonly string[] s_emoji = [.. Enumerable.Range(0x1F400, 60).Select(code => $"{code:X}")];

    [TestMethod]
    public void A_variant_of_skin_tone_is_in_the_split_of_its_emoji()
    {
        string[] splits = ["train", "validation", "test"];
        foreach (var split in splits)
        {
            var images = EmojiArchive.Read(Archive("google"), "emoji.tgz", split, s_shape, s_categories);
            var greys = images.Pixels.Chunk(s_shape.Length).Select(image => (int)image[0]).ToList();

            // Emoji n is drawn in grey n, and its variant in grey 100 + n.
            var own = greys.Where(grey => grey < 100).ToList();
            Assert.AreSequenceEqual(
                own.Where(grey => grey % 2 == 1).Order().ToArray(),
                greys.Where(grey => grey >= 100).Select(grey => grey - 100).Order().ToArray()
            );
            Assert.AreSequenceEqual(greys.Select(grey => (byte)(grey % 2)).ToArray(), images.Classes);
        }
    }

    [TestMethod]
    public void Every_emoji_is_in_one_split_and_the_skin_tones_themselves_in_none()
    {
        string[] splits = ["train", "validation", "test"];
        int[] counts =
        [
            .. splits.Select(split => EmojiArchive.Read(Archive("twitter"), "emoji.tgz", split, s_shape, s_categories).Classes.Length),
        ];

        Assert.AreEqual(90, counts.Sum());
        // Fixed: another rule would put drawings that a network was trained on into the test rows.
        Assert.AreEqual("train", EmojiArchive.SplitOf("1F600"));
        Assert.IsGreaterThan(counts[1], counts[0]);
    }

    [TestMethod]
    public void A_category_that_the_manifest_lacks_is_refused_by_name()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            EmojiArchive.Read(Archive("google"), "emoji.tgz", "train", s_shape, ["Food & Drink", "Flags"])
        );

        Assert.Contains("emoji.tgz: emoji.json has the category 'People & Body'", error.Message);
    }

    static byte[] Archive(string artist)
    {
        var table = new StringBuilder("[");
        List<(string, byte[])> files = [];
        foreach (var (number, code) in s_emoji.Index())
        {
            var variant = number % 2 == 1 ? $$""", "skin_variations": { "{{SkinTone}}": { "image": "{{code}}-tone.png" } }""" : "";
            table.Append(
                $$"""{ "unified": "{{code}}", "image": "{{code}}.png", "category": "{{s_categories[number % 2]}}"{{variant}} },"""
            );
            files.Add(($"package/img/{artist}/64/{code}.png", Grey(number)));
            if (variant.Length > 0)
                files.Add(($"package/img/{artist}/64/{code}-tone.png", Grey(100 + number)));
        }
        table.Append($$"""{ "unified": "{{SkinTone}}", "image": "tone.png", "category": "Component" }]""");
        files.Add(($"package/img/{artist}/64/tone.png", Grey(250)));
        files.Add(("package/emoji.json", Encoding.UTF8.GetBytes(table.ToString())));
        return TarArchive.Of([.. files]);
    }

    static byte[] Grey(int value) => ImageFiles.Png(4, 4, (_, _) => ((byte)value, (byte)value, (byte)value));
}
