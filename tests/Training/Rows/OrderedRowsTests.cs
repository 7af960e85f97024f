using Microsoft.ML;
using NoisyNN.Models.Rows;

namespace NoisyNN.Tests.Training.Rows;

[TestClass]
public class OrderedRowsTests
{
    const int Count = 500;

    readonly IDataView _numbers = new MLContext(1).Data.LoadFromEnumerable(
        Enumerable.Range(0, Count).Select(number => new Row { Number = number }).ToArray()
    );

    [TestMethod]
    public void Rows_of_several_cursors_come_in_the_order_of_one()
    {
        int[] expected = [.. Enumerable.Range(0, Count)];
        for (var seed = 0; seed < 6; seed++)
            foreach (var (cursors, length) in ((int, int)[])[(1, 64), (2, 64), (3, 1), (5, 7), (4, 1000)])
                Assert.AreSequenceEqual(expected, Read(new SlicedView(_numbers, cursors, length, seed)));
        Assert.AreSequenceEqual(expected, Read(_numbers));
        Assert.IsEmpty(Read(new SlicedView(new MLContext().Data.LoadFromEnumerable<Row>([]), cursors: 3, blockLength: 4, seed: 1)));
    }

    [TestMethod]
    public void Of_several_unfit_rows_the_first_in_order_is_named_by_its_number()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var refusal = Assert.Throws<InvalidDataException>(() =>
                Read(
                    new SlicedView(_numbers, cursors: 4, blockLength: 5, seed),
                    number => number is 237 or 241 or 402 ? throw new UnfitRowException("is unfit.") : number
                )
            );
            Assert.AreEqual("Row 237 of the training view is unfit.", refusal.Message);
        }
    }

    [TestMethod]
    public void An_error_of_the_view_comes_out_as_it_is_and_ends_the_reading()
    {
        var highest = 0;
        var sliced = new SlicedView(
            new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 1_000_000).Select(number => new Row { Number = number })),
            cursors: 2,
            blockLength: 10,
            seed: 3
        );
        var refusal = Assert.Throws<FileNotFoundException>(() =>
            Read(
                sliced,
                number =>
                {
                    InterlockedMax(ref highest, number);
                    return number is 100 or 300 ? throw new FileNotFoundException($"{number}") : number;
                }
            )
        );
        Assert.AreEqual("100", refusal.Message);
        Assert.IsLessThan(1_000_000 - 1, highest);
    }

    [TestMethod]
    public void A_cancellation_ends_all_cursors()
    {
        using var source = new CancellationTokenSource();
        var reader = new OrderedRows<int>(
            ReaderOf(number =>
            {
                if (number == 50)
                    source.Cancel();
                return number;
            }),
            source.Token
        );
        Assert.Throws<OperationCanceledException>(() =>
            reader.Read(new SlicedView(_numbers, cursors: 3, blockLength: 8, seed: 1), "training", _numbers.Schema["Number"])
        );
    }

    static List<int> Read(IDataView view, Func<int, int>? map = null) =>
        new OrderedRows<int>(ReaderOf(map ?? (number => number)), default).Read(view, "training", view.Schema["Number"]);

    static Func<DataViewRowCursor, Func<int>> ReaderOf(Func<int, int> map) =>
        cursor =>
        {
            var getter = cursor.GetGetter<int>(cursor.Schema["Number"]);
            return () =>
            {
                var number = 0;
                getter(ref number);
                return map(number);
            };
        };

    static void InterlockedMax(ref int target, int value)
    {
        for (var current = Volatile.Read(ref target); value > current; current = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, current);
    }

    sealed class Row
    {
        public int Number { get; set; }
    }
}
