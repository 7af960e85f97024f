using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class CursorTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Objects_are_read_in_their_order_and_only_a_collection_knows_its_rows()
    {
        var list = _ml.Data.LoadFromEnumerable(Point.Some(5));
        var stream = _ml.Data.LoadFromEnumerable(Point.Some(5).Where(p => p.X >= 0));

        Assert.IsFalse(list.CanShuffle);
        Assert.AreEqual(5L, list.GetRowCount());
        Assert.IsFalse(stream.CanShuffle);
        Assert.IsNull(stream.GetRowCount());
        Assert.AreEqual(5, stream.GetColumn<float>("X").Count());
        using var cursor = list.GetRowCursor([], new Random(1));
        CollectionAssert.AreEqual(new ulong[] { 0, 1, 2, 3, 4 }, cursor.Ids());
    }

    [TestMethod]
    public void The_position_is_minus_one_before_the_first_row_and_after_the_last()
    {
        using var cursor = _ml.Data.LoadFromEnumerable(Point.Some(2)).GetRowCursor([]);

        Assert.AreEqual(-1L, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0L, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(1L, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1L, cursor.Position);
    }

    [TestMethod]
    public void An_inactive_column_and_a_wrong_type_are_refused()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        using var cursor = view.GetRowCursor([view.Schema["X"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["X"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Name"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Name"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["X"]));
    }

    [TestMethod]
    public void A_getter_fills_the_callers_buffer_and_never_lends_its_own()
    {
        var rows = Point.Some(2);
        var view = _ml.Data.LoadFromEnumerable(rows);
        using var cursor = view.GetRowCursor([view.Schema["Features"]]);
        var get = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var mine = new float[3];
        var buffer = new VBuffer<float>(3, mine);
        cursor.MoveNext();
        cursor.MoveNext();
        get(ref buffer);
        mine[0] = -1;

        CollectionAssert.AreEqual(new float[] { -1, 10, 100 }, buffer.DenseValues().ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 10, 100 }, rows[1].Features);
    }

    [TestMethod]
    public void Row_ids_follow_the_rows_through_shuffling_skipping_and_filtering()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(40));
        using var plain = view.GetRowCursor([]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 40).Select(i => (ulong)i).ToArray(), plain.Ids());

        foreach (var derived in new[] { _ml.Data.ShuffleRows(view, seed: 3), _ml.Data.SkipRows(view, 7),
            _ml.Data.FilterRowsByColumn(view, "X", 5, 20) })
        {
            var x = derived.Schema["X"];
            using var cursor = derived.GetRowCursor([x]);
            var getX = cursor.GetGetter<float>(x);
            var getId = cursor.GetIdGetter();
            float value = 0;
            DataViewRowId id = default;
            while (cursor.MoveNext())
            {
                getX(ref value);
                getId(ref id);
                Assert.AreEqual((ulong)value, id.Low);
            }
        }
        using var shuffled = _ml.Data.Cache(view).GetRowCursor([], new Random(1));
        var ids = shuffled.Ids();
        CollectionAssert.AreNotEqual(ids.Order().ToList(), ids);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 40).Select(i => (ulong)i).ToList(), ids);
    }

    [TestMethod]
    public void Steady_reading_allocates_nothing_for_each_row()
    {
        var view = _ml.Transforms.Concatenate("All", "X", "Features")
            .Append(_ml.Transforms.CopyColumns("Copy", "All"))
            .Fit(_ml.Data.LoadFromEnumerable(Point.Some(1)))
            .Transform(_ml.Data.LoadFromEnumerable(Point.Some(3000)));
        using var cursor = view.GetRowCursor([view.Schema["Copy"]]);
        var get = cursor.GetGetter<VBuffer<float>>(view.Schema["Copy"]);
        VBuffer<float> buffer = default;
        for (var i = 0; i < 1000 && cursor.MoveNext(); i++)
            get(ref buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (cursor.MoveNext())
            get(ref buffer);

        Assert.IsLessThan(24_000L, GC.GetAllocatedBytesForCurrentThread() - before, "2,000 rows may not cost an object each.");
        CollectionAssert.AreEqual(new float[] { 2999, 2999, 29990, 299900 }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    public void Only_the_columns_that_are_needed_are_computed()
    {
        var computed = 0;
        var view = _ml.Transforms.CustomMapping<Point, Doubled>((p, d) =>
        {
            computed++;
            d.Twice = 2 * p.X;
        }, null).Fit(_ml.Data.LoadFromEnumerable(Point.Some(4))).Transform(_ml.Data.LoadFromEnumerable(Point.Some(4)));

        Assert.AreEqual(6f, view.GetColumn<float>("X").Sum());
        Assert.AreEqual(0, computed);
        Assert.AreEqual(12f, view.GetColumn<float>("Twice").Sum());
        Assert.AreEqual(4, computed);
    }

    private sealed class Doubled
    {
        public float Twice { get; set; }
    }
}
