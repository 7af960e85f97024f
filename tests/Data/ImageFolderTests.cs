using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class ImageFolderTests
{
    static readonly MLContext s_context = new(seed: 1);
    static readonly ImageFolderOptions s_options = new() { ImageSize = 4 };

    [TestMethod]
    public void A_folder_for_each_class_is_cut_into_three_disjoint_splits()
    {
        using var folder = Animals(cats: 20, dogs: 10);

        var data = ImageFolder.Load(s_context, folder.Path, s_options);

        Assert.AreSequenceEqual(new[] { "cat", "dog" }, data.Labels.ToArray());
        Assert.AreEqual((3, 4, 4), (data.Channels, data.Height, data.Width));
        // 20 % of 30 for testing, then 10 % of the rest for validation, two cats for each dog.
        Assert.AreEqual((22L, 2L, 6L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual(4, Column(data.Test, "Label").Count(label => label == "cat"));
        var ids = new[] { data.Train, data.Validation, data.Test }.SelectMany(view => Column(view, "Id")).ToList();
        Assert.HasCount(30, ids.Distinct().ToList());
        Assert.Contains("cat/cat 3.png", ids);
        Assert.IsEmpty(data.Warnings);
    }

    [TestMethod]
    public void Given_train_and_test_folders_are_used_as_they_are()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 10; i++)
        {
            folder.Write($"train/cat/{i}.png", ImageFiles.Png(i));
            folder.Write($"train/dog/{i}.JPG", ImageFiles.Png(100 + i));
            folder.Write($"test/cat/{i}.jpeg", ImageFiles.Png(200 + i));
            folder.Write($"test/dog/{i}.png", ImageFiles.Png(300 + i));
        }

        var data = ImageFolder.Load(s_context, folder.Path, s_options);

        Assert.AreEqual((18L, 2L, 10L + 10L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.IsTrue(Column(data.Test, "Id").All(id => id.StartsWith("test/", StringComparison.Ordinal)));
        Assert.IsTrue(Column(data.Validation, "Id").All(id => id.StartsWith("train/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_given_validation_folder_is_used_and_nothing_is_cut()
    {
        using var folder = new TemporaryFolder();
        foreach (var (split, number) in new[] { ("train", 0), ("validation", 100), ("test", 200) })
            for (var i = 0; i < 4; i++)
            {
                folder.Write($"{split}/cat/{i}.png", ImageFiles.Png(number + i));
                folder.Write($"{split}/dog/{i}.png", ImageFiles.Png(number + 50 + i));
            }

        var data = ImageFolder.Load(s_context, folder.Path, s_options);

        Assert.AreEqual((8L, 8L, 8L), (data.TrainCount, data.ValidationCount, data.TestCount));
    }

    [TestMethod]
    public void Unreadable_files_are_all_named_at_once_with_the_reason()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        folder.Write("cat/empty.png", []);
        folder.Write("dog/cut.jpg", ImageFiles.QuarteredJpeg()[..^40]);
        folder.Write("dog/text.png", "not an image"u8.ToArray());

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.Load(s_context, folder.Path, s_options));

        Assert.Contains($"{folder["cat/empty.png"]}: the file is empty", error.Message);
        Assert.Contains($"{folder["dog/cut.jpg"]}: the JPEG file is truncated", error.Message);
        Assert.Contains($"{folder["dog/text.png"]}: it is not a PNG, JPEG, WebP, BMP or GIF image", error.Message);
    }

    [TestMethod]
    public void Unreadable_files_are_skipped_and_counted_on_request()
    {
        using var folder = Animals(cats: 10, dogs: 10);
        folder.Write("cat/empty.png", []);
        folder.Write("dog/cut.jpg", ImageFiles.QuarteredJpeg()[..^40]);

        var data = ImageFolder.Load(s_context, folder.Path, s_options with { SkipUnreadable = true });

        Assert.AreEqual(2, data.SkippedCount);
        Assert.AreEqual(20L, data.TrainCount + data.ValidationCount + data.TestCount);
        Assert.Contains("2 unreadable files were skipped", data.Warnings.Single());
    }

    [TestMethod]
    public void An_empty_class_folder_is_refused_by_name()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        Directory.CreateDirectory(folder["fox"]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.Load(s_context, folder.Path, s_options));

        Assert.Contains($"The class folder {folder["fox"]} holds no .png", error.Message);
    }

    [TestMethod]
    public void A_class_of_which_nothing_can_be_read_is_refused_by_name()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        folder.Write("fox/1.png", []);

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            ImageFolder.Load(s_context, folder.Path, s_options with { SkipUnreadable = true })
        );

        Assert.Contains("Class \"fox\"", error.Message);
    }

    [TestMethod]
    public void One_class_is_not_enough()
    {
        using var folder = Animals(cats: 5, dogs: 0);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.Load(s_context, folder.Path, s_options));

        Assert.Contains("only one class folder, \"cat\"", error.Message);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ImageFolder.Load(s_context, folder["nowhere"], s_options));
    }

    [TestMethod]
    public void A_test_class_that_train_does_not_have_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var (path, number) in new[] { ("train/cat", 1), ("train/dog", 2), ("test/cat", 3), ("test/fox", 4) })
            folder.Write($"{path}/1.png", ImageFiles.Png(number));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.Load(s_context, folder.Path, s_options));

        Assert.Contains("test/fox is a class that", error.Message);
    }

    [TestMethod]
    public void The_same_content_in_train_and_test_is_refused_or_on_request_a_warning()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
        {
            folder.Write($"train/cat/{i}.png", ImageFiles.Png(i));
            folder.Write($"train/dog/{i}.png", ImageFiles.Png(10 + i));
            folder.Write($"test/cat/{i}.png", ImageFiles.Png(20 + i));
            folder.Write($"test/dog/{i}.png", ImageFiles.Png(30 + i));
        }
        folder.Write("test/cat/again.png", ImageFiles.Png(2));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.Load(s_context, folder.Path, s_options));
        Assert.Contains("test/cat/again.png = train/cat/2.png", error.Message);

        var data = ImageFolder.Load(s_context, folder.Path, s_options with { AllowDuplicates = true });
        Assert.AreEqual(9L, data.TestCount);
        Assert.Contains("test/cat/again.png = train/cat/2.png", data.Warnings.Single());
    }

    [TestMethod]
    public void Equal_files_fall_into_the_same_split_whatever_the_seed()
    {
        using var folder = Animals(cats: 12, dogs: 12);
        for (var i = 0; i < 12; i++)
            folder.Write($"cat/copy {i}.png", File.ReadAllBytes(folder[$"cat/cat {i}.png"]));

        for (var seed = 0; seed < 10; seed++)
        {
            var data = ImageFolder.Load(s_context, folder.Path, s_options with { Seed = seed, ValidationFraction = 0.3 });
            var splits = new[] { data.Train, data.Validation, data.Test };
            foreach (var split in splits)
            {
                var ids = Column(split, "Id")
                    .Select(id => id.Replace("copy", "cat", StringComparison.Ordinal))
                    .Where(id => id.StartsWith("cat", StringComparison.Ordinal));
                Assert.IsTrue(ids.GroupBy(id => id).All(group => group.Count() == 2));
            }
            Assert.AreEqual(36L, data.TrainCount + data.ValidationCount + data.TestCount);
            Assert.Contains("12 files have the content of another file of their class", data.Warnings.Single());
        }
    }

    [TestMethod]
    public void The_same_content_in_two_classes_is_a_warning_that_the_log_hears_too()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        folder.Write("dog/also a cat.png", File.ReadAllBytes(folder["cat/cat 1.png"]));
        var context = new MLContext(seed: 1);
        var messages = new List<string>();
        context.Log += (_, message) => messages.Add(message.Kind == ChannelMessageKind.Warning ? message.RawMessage : "");

        var data = ImageFolder.Load(context, folder.Path, s_options);

        Assert.Contains("dog/also a cat.png = cat/cat 1.png", data.Warnings.Single());
        Assert.Contains("one of the labels is wrong", data.Warnings.Single());
        Assert.Contains(data.Warnings.Single(), string.Concat(messages));
    }

    [TestMethod]
    public void A_class_folder_may_be_a_link_to_another_place()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        using var elsewhere = new TemporaryFolder();
        for (var i = 0; i < 5; i++)
            elsewhere.Write($"{i}.png", ImageFiles.Png(3000 + i));
        Directory.CreateSymbolicLink(folder["fox"], elsewhere.Path);

        var data = ImageFolder.Load(s_context, folder.Path, s_options);

        Assert.AreEqual(15L, data.TrainCount + data.ValidationCount + data.TestCount);
        Assert.Contains($"1 links lead out of the folder; the files there are used ({folder["fox"]})", data.Warnings.Single());
    }

    [TestMethod]
    public void Decoding_on_demand_gives_the_same_rows_as_keeping_them()
    {
        using var folder = Animals(cats: 6, dogs: 6);

        var kept = ImageFolder.Load(s_context, folder.Path, s_options);
        var onDemand = ImageFolder.Load(s_context, folder.Path, s_options with { CacheLength = 0 });

        Assert.Contains("decoded whenever its row is read", onDemand.Warnings.Single());
        Assert.AreSequenceEqual(
            kept.Train.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray(),
            onDemand.Train.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray()
        );
        Assert.AreSequenceEqual(kept.Mean.ToArray(), onDemand.Mean.ToArray());
        Assert.AreEqual(kept.Sha256, onDemand.Sha256);
    }

    [TestMethod]
    public void Files_of_other_formats_are_left_out_with_a_word()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        folder.Write("cat/old.tif", [1]);

        var data = ImageFolder.Load(s_context, folder.Path, s_options);

        Assert.Contains("1 files do not end in .png, .jpg, .jpeg, .webp, .bmp, .gif", data.Warnings.Single());
        Assert.Contains("old.tif", data.Warnings.Single());
    }

    [TestMethod]
    public void The_fingerprint_follows_content_names_and_nothing_else()
    {
        using var folder = Animals(cats: 5, dogs: 5);
        var before = ImageFolder.Load(s_context, folder.Path, s_options).Sha256;

        Assert.AreEqual(
            before,
            ImageFolder
                .Load(
                    s_context,
                    folder.Path,
                    new ImageFolderOptions
                    {
                        ImageSize = 8,
                        Seed = 4,
                        Channels = 1,
                    }
                )
                .Sha256
        );

        File.Move(folder["cat/cat 0.png"], folder["dog/cat 0.png"]);
        Assert.AreNotEqual(before, ImageFolder.Load(s_context, folder.Path, s_options).Sha256);
    }

    [TestMethod]
    public void A_number_of_channels_that_no_image_has_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ImageFolder.Load(s_context, "anywhere", new ImageFolderOptions { Channels = 2 })
        );
    }

    static TemporaryFolder Animals(int cats, int dogs)
    {
        var folder = new TemporaryFolder();
        for (var i = 0; i < cats; i++)
            folder.Write($"cat/cat {i}.png", ImageFiles.Png(1000 + i));
        for (var i = 0; i < dogs; i++)
            folder.Write($"dog/dog {i}.png", ImageFiles.Png(2000 + i));
        return folder;
    }

    static string[] Column(IDataView view, string name) => [.. view.GetColumn<string>(name)];
}
