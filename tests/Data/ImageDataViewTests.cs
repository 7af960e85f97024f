using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class ImageDataViewTests
{
    [TestMethod]
    public void Every_byte_becomes_the_float_of_the_same_value_at_every_length()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        for (var length = 0; length <= 256; length++)
        {
            var floats = new float[length];
            PixelConversion.Widen(bytes.AsSpan(256 - length), floats);
            Assert.AreSequenceEqual(bytes[(256 - length)..].Select(value => (float)value).ToArray(), floats);
        }
    }

    [TestMethod]
    public void A_shuffled_cursor_gives_every_row_once_with_its_own_id()
    {
        var view = View(200);

        var plain = Ids(view, random: null);
        var shuffled = Ids(view, new Random(1));

        Assert.AreSequenceEqual(Enumerable.Range(0, 200).Select(i => (ulong)i).ToArray(), plain);
        Assert.AreNotSequenceEqual(plain, shuffled);
        Assert.AreSequenceEqual(plain, shuffled.Order().ToArray());
        Assert.AreSequenceEqual(shuffled, Ids(view, new Random(1)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(16)]
    public void The_cursors_of_a_set_share_the_rows_and_their_batches_restore_the_order(int wanted)
    {
        var view = View(500);
        var rows = new List<(long Batch, long Position, ulong Id, int Cursor)>();
        var cursors = view.GetRowCursorSet(view.Schema, wanted);
        for (var i = 0; i < cursors.Length; i++)
        {
            using var cursor = cursors[i];
            var getId = cursor.GetIdGetter();
            var id = default(DataViewRowId);
            var lastBatch = -1L;
            while (cursor.MoveNext())
            {
                Assert.IsGreaterThanOrEqualTo(lastBatch, cursor.Batch);
                lastBatch = cursor.Batch;
                getId(ref id);
                rows.Add((cursor.Batch, cursor.Position, id.Low, i));
            }
        }

        Assert.IsLessThanOrEqualTo(wanted, cursors.Length);
        Assert.IsTrue(rows.GroupBy(row => row.Batch).All(batch => batch.Select(row => row.Cursor).Distinct().Count() == 1));
        var ordered = rows.OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => row.Id).ToArray();
        Assert.AreSequenceEqual(Enumerable.Range(0, 500).Select(i => (ulong)i).ToArray(), ordered);
    }

    [TestMethod]
    public void Reading_rows_into_a_buffer_that_is_reused_allocates_nothing()
    {
        var view = View(2000);
        using var cursor = view.GetRowCursor(view.Schema);
        var (pixels, label, id) = (default(VBuffer<float>), default(ReadOnlyMemory<char>), default(ReadOnlyMemory<char>));
        var getPixels = cursor.GetGetter<VBuffer<float>>(view.Schema["Pixels"]);
        var getLabel = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Label"]);
        var getId = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Id"]);
        void Read()
        {
            cursor.MoveNext();
            getPixels(ref pixels);
            getLabel(ref label);
            getId(ref id);
        }
        for (var i = 0; i < 1000; i++)
            Read();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Read();

        Assert.AreEqual(0L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_column_that_was_not_requested_is_inactive_and_refused()
    {
        var view = View(10);
        using var cursor = view.GetRowCursor([view.Schema["Label"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Label"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Pixels"]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema["Pixels"]));
        Assert.Contains("'Pixels'", error.Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Label"]));
    }

    [TestMethod]
    public void Ml_net_maps_the_labels_to_keys_and_shuffles_the_rows()
    {
        var context = new MLContext(seed: 1);
        var view = View(40);

        var keys = context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view).GetColumn<uint>("Label").ToArray();
        Assert.AreSequenceEqual(new uint[] { 1, 1, 1, 2 }, keys[..4]);

        var shuffled = context.Data.ShuffleRows(view, seed: 3);
        Assert.AreSequenceEqual(
            view.GetColumn<string>("Id").Order(StringComparer.Ordinal).ToArray(),
            shuffled.GetColumn<string>("Id").Order(StringComparer.Ordinal).ToArray()
        );
    }

    static ImageDataView View(int count)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * 6).Select(i => (byte)i)];
        byte[] classes = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 4 == 3 ? 1 : 0))];
        return new ImageDataView(
            new MemoryImageTable("test", pixels, classes, new ImageShape(1, 2, 3)),
            [.. Enumerable.Range(0, count)],
            ["cat", "dog"]
        );
    }

    static ulong[] Ids(ImageDataView view, Random? random)
    {
        using var cursor = view.GetRowCursor([], random);
        var getId = cursor.GetIdGetter();
        var ids = new List<ulong>();
        var id = default(DataViewRowId);
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id.Low);
        }
        return [.. ids];
    }
}
