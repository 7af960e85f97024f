using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.Batching;

[TestClass]
public class BlockRowMapperTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Rows_are_computed_one_by_one_and_once_each()
    {
        var view = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 5).Select(i => new Row { Name = $"{i}", Values = [i, 2 * i] }).ToArray()
        );
        var mapper = new SumMapper(64);
        var rows = new BlockRowMapper(view.Schema, mapper);
        var active = new[] { rows.OutputSchema["Sum"], rows.OutputSchema["RowsInBlock"], rows.OutputSchema["Name"] };
        using var cursor = view.GetRowCursor(rows.GetDependencies(active));
        using var row = rows.GetRow(cursor, active);
        var (sum, count, name) = (
            row.GetGetter<float>(active[0]),
            row.GetGetter<int>(active[1]),
            row.GetGetter<ReadOnlyMemory<char>>(active[2])
        );
        for (var i = 0; cursor.MoveNext(); i++)
        {
            var (s, c, n) = (0f, 0, ReadOnlyMemory<char>.Empty);
            sum(ref s);
            count(ref c);
            name(ref n);
            Assert.AreEqual((3f * i, 1, $"{i}"), (s, c, n.ToString()));
        }
        CollectionAssert.AreEqual(new[] { 1, 1, 1, 1, 1 }, mapper.Computed.ToArray());
    }

    [TestMethod]
    public void Only_outputs_depend_on_the_input_column()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new Row() });
        var rows = new BlockRowMapper(view.Schema, new SumMapper(1));
        CollectionAssert.AreEqual(new[] { "Values" }, Names(rows.GetDependencies([rows.OutputSchema["Sum"]])));
        CollectionAssert.AreEqual(new[] { "Name" }, Names(rows.GetDependencies([rows.OutputSchema["Name"]])));
        CollectionAssert.AreEquivalent(new[] { "Name", "Values" }, Names(rows.GetDependencies(rows.OutputSchema)));
    }

    [TestMethod]
    public void A_mapper_that_depends_on_neighbours_is_refused()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new Row() });
        Assert.ThrowsExactly<ArgumentException>(() => new BlockRowMapper(view.Schema, new SumMapper(4, dependsOnNeighbours: true)));
    }

    static string[] Names(IEnumerable<DataViewSchema.Column> columns) => [.. columns.Select(column => column.Name)];

    public sealed class Row
    {
        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Values { get; set; } = [0, 0];
    }
}
