using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class DataOperationsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Objects_survive_the_way_into_a_view_and_back()
    {
        var rows = _ml.Data.CreateEnumerable<Point>(_ml.Data.LoadFromEnumerable(Point.Some(3)), reuseRowObject: false).ToList();

        Assert.AreEqual(2f, rows[2].X);
        Assert.AreEqual("n2", rows[2].Name);
        CollectionAssert.AreEqual(new float[] { 2, 20, 200 }, rows[2].Features);
        Assert.AreEqual(1, _ml.Data.CreateEnumerable<Point>(_ml.Data.LoadFromEnumerable(Point.Some(3)),
            reuseRowObject: true).Distinct().Count());
    }

    [TestMethod]
    public void A_missing_column_is_an_error_unless_it_may_be_ignored()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<PlainKeyRow> { new() { Key = 1 } });

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Point>(view, reuseRowObject: false).ToList());
        Assert.AreEqual(0f, _ml.Data.CreateEnumerable<Point>(view, reuseRowObject: false, ignoreMissingColumns: true).Single().X);
    }

    [TestMethod]
    public void Key_members_count_from_zero_on_the_way_in_and_from_one_on_the_way_out()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<KeyedRow> { new() { Key = 0 }, new() { Key = 2 }, new() { Key = 3 } });

        CollectionAssert.AreEqual(new uint[] { 1, 3, 0 }, view.GetColumn<uint>("Key").ToArray());
        CollectionAssert.AreEqual(new uint[] { 1, 3, 0 }, _ml.Data.CreateEnumerable<PlainKeyRow>(view, false).Select(r => r.Key).ToArray());
    }

    [TestMethod]
    public void Taking_and_skipping_are_by_position_and_not_for_shuffling()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(10));
        var part = _ml.Data.TakeRows(_ml.Data.SkipRows(view, 3), 4);

        CollectionAssert.AreEqual(new float[] { 3, 4, 5, 6 }, part.GetColumn<float>("X").ToArray());
        Assert.IsFalse(part.CanShuffle);
        Assert.AreEqual(0, _ml.Data.SkipRows(view, 100).GetColumn<float>("X").Count());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(view, 0));
        Assert.AreEqual(4L, _ml.Data.TakeRows(view, 4).GetRowCount());
        using var cursor = part.GetRowCursor([]);
        cursor.MoveNext();
        Assert.AreEqual(0L, cursor.Position);
    }

    [TestMethod]
    public void Shuffling_keeps_every_row_once_and_the_order_for_a_seed()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(100));
        var shuffled = _ml.Data.ShuffleRows(view, seed: 5, shufflePoolSize: 16, shuffleSource: false);
        var first = shuffled.GetColumn<float>("X").ToList();

        CollectionAssert.AreEqual(first, shuffled.GetColumn<float>("X").ToList());
        CollectionAssert.AreEqual(first, _ml.Data.ShuffleRows(view, seed: 5, shufflePoolSize: 16,
            shuffleSource: false).GetColumn<float>("X").ToList());
        CollectionAssert.AreNotEqual(first, _ml.Data.ShuffleRows(view, seed: 6, shufflePoolSize: 16,
            shuffleSource: false).GetColumn<float>("X").ToList());
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(i => (float)i).ToList(), first.Order().ToList());
        CollectionAssert.AreNotEqual(first.Order().ToList(), first);
    }

    [TestMethod]
    public void A_cached_view_reads_its_source_once()
    {
        var reads = 0;
        var view = _ml.Data.LoadFromEnumerable(Point.Some(6).Where(_ => ++reads > 0));
        var cached = _ml.Data.Cache(view);
        var first = cached.Vectors("Features");
        var second = cached.Vectors("Features");

        Assert.AreEqual(6, reads);
        Assert.IsTrue(cached.CanShuffle);
        Assert.AreEqual(6L, cached.GetRowCount());
        CollectionAssert.AreEqual(first[5], second[5]);
        Assert.AreNotSame(first[5], second[5]);
        using var cursor = cached.GetRowCursor([]);
        CollectionAssert.AreEqual(new ulong[] { 0, 1, 2, 3, 4, 5 }, cursor.Ids());
    }

    [TestMethod]
    public void A_split_parts_the_rows_for_good_and_repeats_for_a_seed()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2000));
        var split = _ml.Data.TrainTestSplit(view, testFraction: 0.25, seed: 9);
        var test = split.TestSet.GetColumn<float>("X").ToList();
        var train = split.TrainSet.GetColumn<float>("X").ToList();

        // A binomial of 2,000 and 0.25 has a standard deviation of 19.4.
        Assert.IsInRange(500 - 97, 500 + 97, test.Count);
        CollectionAssert.AreEqual(Enumerable.Range(0, 2000).Select(i => (float)i).ToList(), train.Concat(test).Order().ToList());
        CollectionAssert.AreEqual(test, _ml.Data.TrainTestSplit(view, testFraction: 0.25, seed: 9).TestSet.GetColumn<float>("X").ToList());
        CollectionAssert.AreEquivalent(view.Schema.Select(c => c.Name).ToList(), split.TestSet.Schema.Select(c => c.Name).ToList());
    }

    [TestMethod]
    public void Rows_of_equal_sampling_key_stay_together()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(300));
        foreach (var fold in _ml.Data.CrossValidationSplit(view, numberOfFolds: 3, samplingKeyColumnName: "Name", seed: 2))
        {
            var test = fold.TestSet.GetColumn<string>("Name").ToHashSet();
            Assert.IsFalse(fold.TrainSet.GetColumn<string>("Name").Any(test.Contains));
        }
    }

    [TestMethod]
    public void Folds_cover_every_row_once()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(200));
        var folds = _ml.Data.CrossValidationSplit(view, numberOfFolds: 4, seed: 2);

        Assert.HasCount(4, folds);
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(i => (float)i).ToList(),
            folds.SelectMany(f => f.TestSet.GetColumn<float>("X")).Order().ToList());
    }

    [TestMethod]
    public void Filtering_takes_the_lower_bound_and_leaves_the_upper()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(10));

        CollectionAssert.AreEqual(new float[] { 2, 3 }, _ml.Data.FilterRowsByColumn(view, "X", 2, 4).GetColumn<float>("X").ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 9 },
            _ml.Data.FilterByCustomPredicate<Point>(view, p => p.X is > 0 and < 9).GetColumn<float>("X").ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(view, "Name"));
    }
}
