using Microsoft.ML;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.RealFiles.Folders;

/// <summary>Trees of images as people name and nest them are used whole, or refused by name.</summary>
[TestClass]
public sealed class FoldersSplitTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    int _images;

    [TestMethod]
    [DataRow("train", "val", "test")]
    [DataRow("train", "valid", "test")]
    [DataRow("train", "dev", "test")]
    [DataRow("Training", "Validation", "Testing")]
    public void A_split_is_known_by_the_names_that_people_give_it(string train, string validation, string test)
    {
        Write(train, 20);
        Write(validation, 5);
        Write(test, 8);

        var data = Load();

        Assert.AreEqual((40L, 10L, 16L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual((false, false), (data.IsTestCut, data.IsValidationCut));
        Assert.IsEmpty(data.Warnings);
    }

    [TestMethod]
    public void Without_a_test_split_test_rows_are_cut_from_the_training_rows_and_said_so()
    {
        Write("train", 20);
        Write("val", 5);

        var data = Load();

        // A fifth of each class, by default.
        Assert.AreEqual((32L, 10L, 8L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual((true, false), (data.IsTestCut, data.IsValidationCut));
        Assert.Contains("has no test split", data.Warnings.Single());
    }

    [TestMethod]
    public void Two_folders_of_the_same_split_are_refused_by_name()
    {
        Write("train", 5);
        Write("val", 5);
        Write("dev", 5);

        Assert.Contains("\"dev\" and \"val\", which are both names of the validation split", Refusal());
    }

    [TestMethod]
    public void A_flat_test_folder_is_refused_and_no_class()
    {
        Write("train", 5);
        _folder.Write("test/1.png", Image());

        Assert.Contains("\"test\" holds no folder for each class", Refusal());
    }

    [TestMethod]
    public void A_test_folder_without_training_rows_is_refused()
    {
        Write("test", 5);
        Write("cats", 5);

        Assert.Contains("\"train\" with a folder for each class", Refusal());
    }

    [TestMethod]
    public void A_class_may_be_called_like_a_split()
    {
        for (var i = 0; i < 10; i++)
        {
            _folder.Write($"train/{i}.png", Image());
            _folder.Write($"bus/{i}.png", Image());
        }

        CollectionAssert.AreEqual(new[] { "bus", "train" }, Load().Labels.ToArray());
    }

    [TestMethod]
    public void What_lies_beside_the_splits_is_named()
    {
        Write("train", 10);
        Write("test", 10);
        Write("unlabelled", 1);
        _folder.Write("train/loose.png", Image());

        var warning = Load().Warnings.Single();

        Assert.Contains("2 folders or images are beside the folders of the splits or classes", warning);
        Assert.Contains(_folder["unlabelled"], warning);
    }

    [TestMethod]
    public void Images_in_folders_below_a_class_folder_belong_to_the_class()
    {
        Write("", 10);
        _folder.Write("cat/tabby/young/1.png", Image());

        var data = Load();

        Assert.AreEqual(21L, data.TrainCount + data.ValidationCount + data.TestCount);
        Assert.Contains(
            $"1 images lie in folders below a class folder; they belong to that class ({_folder["cat/tabby/young/1.png"]})",
            data.Warnings.Single()
        );
    }

    public void Dispose() => _folder.Dispose();

    ImageDataSet Load() => ImageFolder.Load(new MLContext(1), _folder.Path, new ImageFolderOptions { ImageSize = 8, Channels = 1 });

    string Refusal() => Assert.ThrowsExactly<InvalidDataException>(Load).Message;

    void Write(string split, int imagesOfAClass)
    {
        foreach (var name in new[] { "cat", "dog" })
            for (var i = 0; i < imagesOfAClass; i++)
                _folder.Write($"{split}/{name}/{i}.png".TrimStart('/'), Image());
    }

    byte[] Image() => ImageFiles.Png(_images++);
}
