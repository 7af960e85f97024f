using Microsoft.ML;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.RealFiles.Folders;

/// <summary>Links, hidden files and names that look alike: training and scoring see the same images, and say what they leave out.</summary>
[TestClass]
public sealed class FoldersNameTests : IDisposable
{
    // é as one character, and as a letter with an accent.
    const string Composed = "caf\u00e9",
        Decomposed = "cafe\u0301";

    readonly TemporaryFolder _folder = new();
    readonly TemporaryFolder _elsewhere = new();
    int _images;

    [TestMethod]
    public void A_circle_of_links_adds_no_images_to_training_or_scoring()
    {
        Write("cat", 10);
        Write("dog", 10);
        Directory.CreateSymbolicLink(_folder["cat/again"], _folder.Path);
        Directory.CreateSymbolicLink(_folder["cat/self"], _folder["cat"]);
        // In the place of a class.
        Directory.CreateSymbolicLink(_folder["loop"], _folder.Path);

        var data = Load();
        var scored = ImagePaths.Find([_folder.Path]);

        // Followed, cat/again would make cats of all dogs.
        Assert.HasCount(20, scored.Files);
        Assert.AreEqual(20L, data.TrainCount + data.ValidationCount + data.TestCount);
        Assert.Contains("3 links lead back to a folder around them", scored.Notes.Single());
        Assert.Contains("3 links lead back", data.Warnings.Single());
        Assert.AreSequenceEqual(["cat", "dog"], data.Labels);
    }

    [TestMethod]
    public void A_link_to_a_file_elsewhere_is_an_image_and_told()
    {
        Write("cat", 10);
        Write("dog", 10);
        File.CreateSymbolicLink(_folder["cat/linked.png"], _elsewhere.Write("1.png", Image()));

        var data = Load();
        var scored = ImagePaths.Find([_folder.Path]);

        Assert.AreEqual(21L, data.TrainCount + data.ValidationCount + data.TestCount);
        Assert.HasCount(21, scored.Files);
        Assert.Contains($"1 links lead out of the folder; the files there are used ({_folder["cat/linked.png"]})", data.Warnings.Single());
        Assert.AreEqual(data.Warnings.Single(), scored.Notes.Single());
    }

    [TestMethod]
    public void Hidden_files_and_folders_are_left_out_and_counted()
    {
        Write("cat", 10);
        Write("dog", 10);
        _folder.Write("cat/._0.png", Image());
        _folder.Write("dog/.thumbnails/0.png", Image());

        var scored = ImagePaths.Find([_folder.Path]);

        Assert.AreEqual(20L, Load().TrainCount + Load().ValidationCount + Load().TestCount);
        Assert.HasCount(20, scored.Files);
        Assert.Contains("2 hidden files or folders", scored.Notes.Single());
    }

    [TestMethod]
    public void Classes_whose_names_look_the_same_are_refused()
    {
        Write(Composed, 5);
        Write(Decomposed, 5);

        Assert.Contains("2 class folders whose name looks like", Refusal());
    }

    [TestMethod]
    public void A_class_of_another_Unicode_form_in_the_test_split_is_explained()
    {
        Write($"train/{Composed}", 5);
        Write("train/dog", 5);
        Write($"test/{Decomposed}", 5);
        Write("test/dog", 5);

        Assert.Contains("the name there looks the same, but has another Unicode form", Refusal());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    ImageDataSet Load() => ImageFolder.Load(new MLContext(1), _folder.Path, new ImageFolderOptions { ImageSize = 8, Channels = 1 });

    string Refusal() => Assert.ThrowsExactly<InvalidDataException>(Load).Message;

    void Write(string folder, int images)
    {
        for (var i = 0; i < images; i++)
            _folder.Write($"{folder}/{i}.png", Image());
    }

    byte[] Image() => ImageFiles.Png(_images++);
}
