using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class ManifestSourceTests
{
    static readonly MLContext s_context = new(seed: 1);

    [TestMethod]
    public void Fashion_mnist_has_its_published_counts_and_statistics()
    {
        var data = ManifestSource.Load(s_context, "fashion-mnist", new DataOptions { ValidationFraction = 0 });

        Assert.AreEqual((60_000L, 0L, 10_000L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual((1, 28, 28), (data.Channels, data.Height, data.Width));
        // The figures that every Fashion-MNIST loader normalises with.
        Assert.AreEqual(0.2860, data.Mean[0], 5e-5);
        Assert.AreEqual(0.3530, data.StandardDeviation[0], 5e-5);
    }

    [TestMethod]
    public void The_validation_split_of_fashion_mnist_holds_600_rows_of_each_class_and_shares_none_with_train()
    {
        var data = ManifestSource.Load(s_context, "fashion-mnist", new DataOptions { Seed = 1 });

        Assert.AreEqual((54_000L, 6_000L), (data.TrainCount, data.ValidationCount));
        Assert.IsTrue(Column(data.Validation, "Label").GroupBy(label => label).All(group => group.Count() == 600));
        Assert.IsFalse(Column(data.Validation, "Id").Intersect(Column(data.Train, "Id")).Any());
    }

    [TestMethod]
    public void The_validation_split_depends_on_the_seed_and_on_nothing_else()
    {
        using var dataSet = new IdxDataSet();
        string[] Validation(int seed, int? trainLimit = null) =>
            Column(
                ManifestSource.Load(s_context, dataSet.ManifestPath, new DataOptions { Seed = seed, TrainLimit = trainLimit }).Validation,
                "Id"
            );

        // Frozen: a change of the rule would put rows that a model was trained on into its validation set.
        Assert.AreSequenceEqual(new[] { "train/00013", "train/00022", "train/00029", "train/00031" }, Validation(seed: 0));
        Assert.AreSequenceEqual(Validation(seed: 0), Validation(seed: 0, trainLimit: 8));
        Assert.AreNotSequenceEqual(Validation(seed: 0), Validation(seed: 1));
    }

    [TestMethod]
    public void Limits_choose_exactly_as_many_rows_class_by_class()
    {
        using var dataSet = new IdxDataSet();

        var data = ManifestSource.Load(
            s_context,
            dataSet.ManifestPath,
            new DataOptions
            {
                TrainLimit = 12,
                ValidationLimit = 2,
                TestLimit = 8,
            }
        );

        Assert.AreEqual((12L, 2L, 8L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual(9, Column(data.Train, "Label").Count(label => label == "cat"));
        Assert.AreEqual(6, Column(data.Test, "Label").Count(label => label == "cat"));
    }

    [TestMethod]
    public void A_row_carries_its_pixels_label_and_place_in_the_file()
    {
        using var dataSet = new IdxDataSet();
        var test = ManifestSource.Load(s_context, dataSet.ManifestPath).Test;

        Assert.AreEqual(
            new VectorDataViewType(NumberDataViewType.Single, 1, IdxDataSet.Height, IdxDataSet.Width),
            test.Schema["Pixels"].Type
        );
        using var cursor = test.GetRowCursor(test.Schema);
        var (pixels, label, id, rowId) = (
            default(VBuffer<float>),
            default(ReadOnlyMemory<char>),
            default(ReadOnlyMemory<char>),
            default(DataViewRowId)
        );
        for (var row = 0; row < 4; row++)
            Assert.IsTrue(cursor.MoveNext());
        cursor.GetGetter<VBuffer<float>>(test.Schema["Pixels"])(ref pixels);
        cursor.GetGetter<ReadOnlyMemory<char>>(test.Schema["Label"])(ref label);
        cursor.GetGetter<ReadOnlyMemory<char>>(test.Schema["Id"])(ref id);
        cursor.GetIdGetter()(ref rowId);

        // Row 3 begins with value 18 * 7 = 126.
        Assert.AreSequenceEqual(new[] { 126f, 133f, 140f, 147f, 154f, 161f }, pixels.DenseValues().ToArray());
        Assert.AreEqual("dog", label.ToString());
        Assert.AreEqual("test/00003", id.ToString());
        Assert.AreEqual(new DataViewRowId(3, 0), rowId);
    }

    [TestMethod]
    public void Images_and_labels_that_do_not_match_in_number_are_refused()
    {
        using var dataSet = new IdxDataSet();
        dataSet.WriteFile("train-labels.gz", IdxDataSet.Labels(39));
        dataSet.WriteManifest();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ManifestSource.Load(s_context, dataSet.ManifestPath));

        Assert.Contains("train-images.gz holds 40 images, but train-labels.gz 39 labels", error.Message);
    }

    [TestMethod]
    public void A_label_that_the_manifest_does_not_declare_is_refused_with_its_row()
    {
        using var dataSet = new IdxDataSet();
        byte[] labels = [.. Enumerable.Repeat((byte)0, 40)];
        labels[17] = 2;
        dataSet.WriteFile("train-labels.gz", IdxDataSet.Idx([40], labels));
        dataSet.WriteManifest();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ManifestSource.Load(s_context, dataSet.ManifestPath));

        Assert.Contains("row 17 has class 2", error.Message);
    }

    [TestMethod]
    public void Images_of_another_size_than_the_manifest_says_are_refused()
    {
        using var dataSet = new IdxDataSet();
        dataSet.WriteFile("test-images.gz", IdxDataSet.Idx([20, 3, 2], new byte[120]));
        dataSet.WriteManifest();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ManifestSource.Load(s_context, dataSet.ManifestPath));

        Assert.Contains("3 x 2 pixels", error.Message);
    }

    [TestMethod]
    public void The_fingerprint_does_not_depend_on_splits_and_limits()
    {
        using var dataSet = new IdxDataSet();

        Assert.AreEqual(
            ManifestSource.Load(s_context, dataSet.ManifestPath).Sha256,
            ManifestSource.Load(s_context, dataSet.ManifestPath, new DataOptions { Seed = 5, TrainLimit = 4 }).Sha256
        );
    }

    [TestMethod]
    public void A_limit_below_one_is_refused_by_name()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ManifestSource.Load(s_context, "fashion-mnist", new DataOptions { TrainLimit = 0 })
        );

        Assert.Contains("TrainLimit", error.Message);
    }

    static string[] Column(IDataView view, string name) => [.. view.GetColumn<string>(name)];
}
