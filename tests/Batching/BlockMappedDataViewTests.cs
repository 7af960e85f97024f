using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.Batching;

[TestClass]
public class BlockMappedDataViewTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(10)]
    [DataRow(64)]
    public void Rows_keep_their_order_ids_and_positions_and_the_last_block_is_partial(int blockSize)
    {
        var mapper = new SumMapper(blockSize);
        var view = new BlockMappedDataView(Ten(), mapper);
        using var cursor = view.GetRowCursor(view.Schema);
        var sum = cursor.GetGetter<float>(view.Schema["Sum"]);
        var number = cursor.GetGetter<int>(view.Schema["Number"]);
        var rowsInBlock = cursor.GetGetter<int>(view.Schema["RowsInBlock"]);
        var rowId = cursor.GetGetter<ulong>(view.Schema["RowId"]);
        var id = cursor.GetIdGetter();
        Assert.AreEqual(-1, cursor.Position);
        for (var row = 0; row < 10; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(row, Read(number));
            Assert.AreEqual(3 * row + 0.75f, Read(sum));
            Assert.AreEqual(Math.Min(blockSize, 10 - row / blockSize * blockSize), Read(rowsInBlock));
            Assert.AreEqual((ulong)row, Read(rowId));
            Assert.AreEqual(new DataViewRowId((ulong)row, 0), Read(id));
        }
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext(), "the end stays the end");
        Assert.AreEqual(10, mapper.Computed.Sum());
    }

    [TestMethod]
    public void Columns_of_every_kind_pass_through_a_block()
    {
        var rows = Enumerable
            .Range(0, 7)
            .Select(i => new Everything
            {
                Values = [i, 1],
                Text = $"row {i}",
                Flag = i % 2 == 0,
                Key = (uint)(i % 3),
                Time = new DateTime(2024, 1, 1 + i),
                Words = [.. Enumerable.Range(0, i).Select(word => $"{i}.{word}")],
                Bytes = [(byte)i, 2, 3],
                Sparse = new VBuffer<double>(100, 1, [i + 0.5], [i]),
            })
            .ToArray();
        var view = new BlockMappedDataView(_ml.Data.LoadFromEnumerable(rows), new SumMapper(3));
        var read = _ml.Data.CreateEnumerable<EverythingAndSum>(view, reuseRowObject: false).ToArray();
        Assert.AreEqual(7, read.Length);
        for (var i = 0; i < 7; i++)
        {
            Assert.AreEqual(i + 1, read[i].Sum);
            Assert.AreEqual($"row {i}", read[i].Text);
            Assert.AreEqual(i % 2 == 0, read[i].Flag);
            Assert.AreEqual((uint)(i % 3) + 1, read[i].Key, "keys are read as they are stored, from 1");
            Assert.AreEqual(new DateTime(2024, 1, 1 + i), read[i].Time);
            CollectionAssert.AreEqual(rows[i].Words, read[i].Words ?? []);
            CollectionAssert.AreEqual(rows[i].Bytes, read[i].Bytes);
            Assert.AreEqual(100, read[i].Sparse.Length);
            Assert.AreEqual(i + 0.5, read[i].Sparse.GetItemOrDefault(i));
            Assert.AreEqual(1, read[i].Sparse.GetValues().Length, "a sparse vector stays sparse");
        }
    }

    [TestMethod]
    public void Images_pass_through_as_copies_that_outlive_the_sources_row()
    {
        var rows = Enumerable.Range(0, 5).Select(i => new Picture { Values = [i], Image = Solid((byte)(10 * i)) }).ToArray();
        var view = new BlockMappedDataView(_ml.Data.LoadFromEnumerable(rows), new SumMapper(4));
        // The second pass finds the source's own images as they were: neither a row nor the end of a cursor disposes of them.
        for (var pass = 0; pass < 2; pass++)
        {
            using var cursor = view.GetRowCursor(view.Schema);
            var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
            for (var i = 0; cursor.MoveNext(); i++)
            {
                MLImage image = null!;
                getter(ref image);
                Assert.AreNotSame(rows[i].Image, image);
                Assert.AreEqual((3, 2), (image.Width, image.Height));
                Assert.AreEqual((byte)(10 * i), image.Pixels[0]);
                image.Dispose();
            }
        }
    }

    [TestMethod]
    public void A_sparse_input_is_filled_up_with_zeros()
    {
        var rows = Enumerable.Range(0, 4).Select(i => new SparseValues { Values = new VBuffer<float>(50, 2, [i, 1f], [3, 40]) });
        var view = new BlockMappedDataView(_ml.Data.LoadFromEnumerable(rows), new SumMapper(3));
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, view.GetColumn<float>("Sum").ToArray());
    }

    [TestMethod]
    public void Only_what_is_asked_for_is_computed_and_buffered()
    {
        var calls = 0;
        var counted = _ml
            .Transforms.CustomMapping<Numbered, Costly>(
                (from, to) =>
                {
                    Interlocked.Increment(ref calls);
                    to.Cost = from.Number;
                },
                null
            )
            .Fit(Ten())
            .Transform(Ten());
        var mapper = new SumMapper(4);
        var view = new BlockMappedDataView(counted, mapper);

        Assert.AreEqual(10, view.GetColumn<float>("Sum").Count());
        Assert.AreEqual(0, calls, "a costly column that nobody asked for");
        Assert.AreEqual(1, mapper.BlocksMade);

        Assert.AreEqual(10, view.GetColumn<float>("Cost").Count());
        Assert.AreEqual(10, calls);
        Assert.AreEqual(1, mapper.BlocksMade, "nothing is gathered where no output is asked for");
        CollectionAssert.AreEqual(new[] { 4, 4, 2 }, mapper.Computed.ToArray());
    }

    [TestMethod]
    public void An_input_that_is_also_read_is_asked_for_once_per_row()
    {
        var calls = 0;
        var counted = _ml
            .Transforms.CustomMapping<Numbered, Computed>(
                (from, to) =>
                {
                    Interlocked.Increment(ref calls);
                    to.Made = [from.Number, 1];
                },
                null
            )
            .Fit(Ten())
            .Transform(Ten());
        var view = new BlockMappedDataView(counted, new SumMapper(4, input: "Made"));
        using var cursor = view.GetRowCursor([view.Schema["Made"], view.Schema["Sum"]]);
        var made = cursor.GetGetter<VBuffer<float>>(view.Schema["Made"]);
        var sum = cursor.GetGetter<float>(view.Schema["Sum"]);
        while (cursor.MoveNext())
            Assert.AreEqual(Read(sum), Read(made).GetItemOrDefault(0) + 1);
        Assert.AreEqual(10, calls);
    }

    [TestMethod]
    public void Cursors_at_the_same_time_do_not_disturb_each_other()
    {
        var view = new BlockMappedDataView(Ten(), new SumMapper(4));
        using var ahead = view.GetRowCursor(view.Schema);
        using var behind = view.GetRowCursor(view.Schema);
        var (sumAhead, sumBehind) = (ahead.GetGetter<float>(view.Schema["Sum"]), behind.GetGetter<float>(view.Schema["Sum"]));
        for (var row = 0; row < 5; row++)
            ahead.MoveNext();
        behind.MoveNext();
        Assert.AreEqual(12.75f, Read(sumAhead));
        Assert.AreEqual(0.75f, Read(sumBehind));

        var expected = Enumerable.Range(0, 10).Select(row => 3 * row + 0.75f).ToArray();
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, view.GetColumn<float>("Sum").ToArray()));
    }

    [TestMethod]
    public void A_cursor_set_covers_every_row_once()
    {
        var view = new BlockMappedDataView(Ten(), new SumMapper(4));
        var sums = new List<float>();
        foreach (var cursor in view.GetRowCursorSet([view.Schema["Sum"]], 3))
        {
            using (cursor)
            {
                var sum = cursor.GetGetter<float>(view.Schema["Sum"]);
                while (cursor.MoveNext())
                    sums.Add(Read(sum));
            }
        }
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).Select(row => 3 * row + 0.75f).ToArray(), sums);
    }

    [TestMethod]
    public void Shuffling_is_passed_to_the_source_and_rows_keep_their_values()
    {
        var view = new BlockMappedDataView(_ml.Data.Cache(Numbers(200)), new SumMapper(16));
        Assert.IsTrue(view.CanShuffle);
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var (number, sum, rowId) = (
            cursor.GetGetter<int>(view.Schema["Number"]),
            cursor.GetGetter<float>(view.Schema["Sum"]),
            cursor.GetGetter<ulong>(view.Schema["RowId"])
        );
        var order = new List<int>();
        while (cursor.MoveNext())
        {
            order.Add(Read(number));
            Assert.AreEqual(3 * order[^1] + 0.75f, Read(sum));
            Assert.AreEqual((ulong)order[^1], Read(rowId));
        }
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 200).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 200).ToArray(), order);
    }

    [TestMethod]
    public void A_mapper_that_depends_on_neighbours_is_never_shuffled()
    {
        var view = new BlockMappedDataView(_ml.Data.Cache(Numbers(200)), new SumMapper(16, dependsOnNeighbours: true));
        Assert.IsFalse(view.CanShuffle);
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var number = cursor.GetGetter<int>(view.Schema["Number"]);
        while (cursor.MoveNext())
            Assert.AreEqual(cursor.Position, Read(number));
    }

    [TestMethod]
    public void A_view_without_rows_has_no_blocks()
    {
        var mapper = new SumMapper(4);
        var view = new BlockMappedDataView(Numbers(0), mapper);
        Assert.AreEqual(0, view.GetRowCount());
        Assert.AreEqual(0, view.GetColumn<float>("Sum").Count());
        Assert.AreEqual(0, mapper.Computed.Count);
    }

    [TestMethod]
    public void The_row_count_is_the_sources()
    {
        Assert.AreEqual(10, new BlockMappedDataView(Ten(), new SumMapper(4)).GetRowCount());
        var unknown = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(Row));
        Assert.IsNull(new BlockMappedDataView(unknown, new SumMapper(4)).GetRowCount());
    }

    [TestMethod]
    public void Disposing_a_cursor_disposes_of_its_block_once_and_ends_it()
    {
        var mapper = new SumMapper(4);
        var view = new BlockMappedDataView(Ten(), mapper);
        var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        cursor.Dispose();
        cursor.Dispose();
        Assert.AreEqual(1, mapper.BlocksDisposed);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Reading_before_the_first_row_or_a_column_that_was_not_asked_for_is_an_error_that_says_so()
    {
        var view = new BlockMappedDataView(Ten(), new SumMapper(4));
        using var cursor = view.GetRowCursor([view.Schema["Sum"]]);
        var sum = cursor.GetGetter<float>(view.Schema["Sum"]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Read(sum)).Message, "MoveNext");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Number"])).Message,
            "'Number'"
        );
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Sum"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Number"]));
    }

    [TestMethod]
    public void Reading_a_column_as_a_wrong_type_is_an_error_that_names_both()
    {
        var view = new BlockMappedDataView(Ten(), new SumMapper(4));
        using var cursor = view.GetRowCursor(view.Schema);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Number"]));
        StringAssert.Contains(error.Message, "'Number'");
        StringAssert.Contains(error.Message, "System.Double");
    }

    [TestMethod]
    public void An_input_that_is_missing_or_no_vector_of_known_size_is_refused_by_name()
    {
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() => new BlockMappedDataView(Ten(), new SumMapper(4, input: "Pixels")))
                .Message,
            "'Pixels'"
        );
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() => new BlockMappedDataView(Ten(), new SumMapper(4, input: "Number")))
                .Message,
            "Vector<Single>"
        );
        var words = _ml.Data.LoadFromEnumerable(new[] { new Everything() });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new BlockMappedDataView(words, new SumMapper(4, input: "Words")));
    }

    [TestMethod]
    public void Nothing_is_allocated_per_row_once_the_buffers_are_there()
    {
        var view = new BlockMappedDataView(Numbers(20_000), new SumMapper(64));
        using var cursor = view.GetRowCursor([view.Schema["Sum"], view.Schema["Number"], view.Schema["Values"]]);
        var (sum, number, values) = (
            cursor.GetGetter<float>(view.Schema["Sum"]),
            cursor.GetGetter<int>(view.Schema["Number"]),
            cursor.GetGetter<VBuffer<float>>(view.Schema["Values"])
        );
        var (s, n, v) = (0f, 0, default(VBuffer<float>));
        void Walk(int rows)
        {
            for (var row = 0; row < rows && cursor.MoveNext(); row++)
            {
                sum(ref s);
                number(ref n);
                values(ref v);
            }
        }
        Walk(5_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(10_000);
        var perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000.0;
        Assert.IsLessThan(1.0, perRow, "bytes per row");
        Assert.AreEqual(14_999, n);
    }

    [TestMethod]
    public void It_composes_with_views_around_it()
    {
        var view = new BlockMappedDataView(_ml.Data.SkipRows(_ml.Data.TakeRows(Numbers(100), 50), 10), new SumMapper(16));
        var shuffled = _ml.Data.ShuffleRows(_ml.Data.Cache(view), seed: 3);
        CollectionAssert.AreEquivalent(
            Enumerable.Range(10, 40).Select(row => 3 * row + 0.75f).ToArray(),
            shuffled.GetColumn<float>("Sum").ToArray()
        );
        var split = _ml.Data.TrainTestSplit(view, testFraction: 0.3, seed: 1);
        CollectionAssert.AreEquivalent(
            Enumerable.Range(10, 40).ToArray(),
            split.TrainSet.GetColumn<int>("Number").Concat(split.TestSet.GetColumn<int>("Number")).ToArray()
        );
    }

    IDataView Ten() => Numbers(10);

    IDataView Numbers(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(Row).ToArray());

    static Numbered Row(int number) => new() { Number = number, Values = [number, number + 0.25f, number + 0.5f] };

    static MLImage Solid(byte value) => MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, Enumerable.Repeat(value, 3 * 2 * 4).ToArray());

    static T Read<T>(ValueGetter<T> getter)
    {
        T value = default!;
        getter(ref value);
        return value;
    }

    public sealed class Numbered
    {
        public int Number { get; set; }

        [VectorType(3)]
        public float[] Values { get; set; } = [0, 0, 0];
    }

    public sealed class Costly
    {
        public float Cost { get; set; }
    }

    public sealed class Computed
    {
        [VectorType(2)]
        public float[] Made { get; set; } = [];
    }

    public sealed class SparseValues
    {
        [VectorType(50)]
        public VBuffer<float> Values { get; set; }
    }

    public class Everything
    {
        [VectorType(2)]
        public float[] Values { get; set; } = [0, 0];

        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }

        public DateTime Time { get; set; }

        public string[] Words { get; set; } = [];

        [VectorType(3)]
        public byte[] Bytes { get; set; } = [0, 0, 0];

        [VectorType(100)]
        public VBuffer<double> Sparse { get; set; }
    }

    public sealed class EverythingAndSum : Everything
    {
        public float Sum { get; set; }
    }

    public sealed class Picture
    {
        [VectorType(1)]
        public float[] Values { get; set; } = [0];

        [ImageType(2, 3)]
        public MLImage Image { get; set; } = null!;
    }
}
