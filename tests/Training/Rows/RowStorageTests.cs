using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.ImageAugmentation;

namespace NoisyNN.Tests.Training.Rows;

/// <summary>Where rows lie, and by how many cursors they are read, decides nothing.</summary>
[TestClass]
public sealed class RowStorageTests : IDisposable
{
    readonly PlantedImages _images = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_training_ends_in_the_same_bits_with_rows_in_memory_or_in_a_file_read_by_one_cursor_or_by_several()
    {
        var messages = new List<string>();
        _images.Context.Log += (_, log) => messages.Add(log.Message);
        var expected = Train(rowMemoryBytes: null, view => view);
        Assert.AreSequenceEqual(expected, Train(rowMemoryBytes: 0, view => view));
        Assert.Contains(
            message =>
                message.Contains(
                    $"The validation rows take 0 bytes of memory and 1,080 bytes of a temporary file in '{_folder["0"]}'",
                    StringComparison.Ordinal
                ),
            messages
        );
        // 50 rows of 36 bytes, of which 13 find room in memory, and none of the 30 validation rows.
        Assert.AreSequenceEqual(expected, Train(rowMemoryBytes: 500, view => new SlicedView(view, cursors: 3, blockLength: 4, seed: 5)));
    }

    [TestMethod]
    public void Values_that_are_no_pixels_keep_their_bits_and_their_hash_in_a_file()
    {
        var rows = PlantedImages.Rows(20);
        rows[3].Pixels[5] = -1.5f;
        rows[7].Pixels[0] = 1e30f;
        using var inMemory = Read(_images.View(rows));
        using var inFile = Read(new SlicedView(_images.View(rows), cursors: 4, blockLength: 2, seed: 1), memoryLimit: 0);
        Assert.AreEqual(inMemory.ComputeHash(), inFile.ComputeHash());
        Assert.AreEqual(18 * 36 + 2 * 144, inFile.Bytes.FileLength);

        var (pixels, classes, ids) = (new float[3 * 36], new long[3], new DataViewRowId[3]);
        inFile.Gather([7, 3, 4], pixels, classes, ids);
        Assert.AreSequenceEqual([.. rows[7].Pixels, .. rows[3].Pixels, .. rows[4].Pixels], pixels);
        Assert.AreSequenceEqual([1L, 0, 1], classes);
        Assert.AreSequenceEqual([new DataViewRowId(7, 0), new DataViewRowId(3, 0), new DataViewRowId(4, 0)], ids);
        Assert.AreSequenceEqual(inMemory.ComputeMoments().Deviations, inFile.ComputeMoments().Deviations);
        rows[3].Pixels[5] = 0;
        using var other = Read(_images.View(rows));
        Assert.AreNotEqual(inMemory.ComputeHash(), other.ComputeHash());
    }

    [TestMethod]
    public void A_first_row_that_is_longer_than_the_others_does_not_send_rows_that_fit_to_a_file()
    {
        var rows = PlantedImages.Rows(20);
        rows[0].Pixels[5] = 0.5f;
        // 144 bytes and 19 times 36 of them; 20 times the first row's would be 2,880. A folder that is missing takes no file.
        using var read = RowStore.Read(_images.View(rows), Columns with { MemoryLimit = 1_000, Folder = _folder["missing"] });
        Assert.AreEqual(0, read.Bytes.FileLength);
        Assert.AreEqual(20, read.Count);
    }

    [TestMethod]
    public void By_default_rows_may_take_a_quarter_of_the_memory()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.IsGreaterThan(0, available);
        Assert.AreEqual(available / 4, _images.Options().RowMemory);
    }

    float[] Train(long? rowMemoryBytes, Func<IDataView, IDataView> wrap)
    {
        var options = _images.Options();
        (options.RowMemoryBytes, options.ValidationSet, options.LoadingThreadCount) = (rowMemoryBytes, wrap(_images.View(30, seed: 2)), 2);
        options.WorkspacePath = _folder[$"{rowMemoryBytes}"];
        options.Augmentation = new(CropPadding: 1);
        using var model = _images.Context.Vision.NoisyViT(options).Fit(wrap(_images.View(50)));
        return TrainedWeights.Of(model);
    }

    static RowStoreOptions Columns { get; } =
        new()
        {
            Role = "training",
            Shape = [1, 6, 6],
            LabelColumnName = "Label",
            Labels = PlantedImages.Labels,
        };

    RowStore Read(IDataView view, long memoryLimit = long.MaxValue) =>
        RowStore.Read(view, Columns with { MemoryLimit = memoryLimit, Folder = _folder.Path });
}
