using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace NoisyNN.Models.Rows;

/// <summary>
/// Reads a view with as many cursors as there are processors, each on a thread of its own, so that images are decoded side by side. By
/// ML.NET's contract
/// <see cref="DataViewRow.Batch"/> restores the order: it never falls within a cursor, and no two cursors of a set share a value.
/// </summary>
/// <param name="readerOf">Makes for a cursor what reads the row it stands on; an <see cref="UnfitRowException"/> of it gets the row's
/// number.</param>
/// <param name="cancellation">Stops the reading.</param>
sealed class OrderedRows<T>(Func<DataViewRowCursor, Func<T>> readerOf, CancellationToken cancellation)
{
    // Nothing beyond the batch of the first error is of use.
    long _lastBatch = long.MaxValue;

    /// <summary>
    /// All rows in the order of a single cursor, from a view that may answer with fewer cursors. The first error in that order is thrown.
    /// </summary>
    public List<T> Read(IDataView view, string role, params DataViewSchema.Column[] columns)
    {
        var cursors = view.GetRowCursorSet(columns, Environment.ProcessorCount);
        // All at once: a cursor may wait until another one is read.
        var others = cursors[1..]
            .Select(cursor =>
                Task.Factory.StartNew(() => Read(cursor), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            )
            .ToArray();
        var first = Read(cursors[0]);
        Task.WaitAll(others);
        Run[] runs = [first, .. others.Select(task => task.Result)];

        var failed = runs.Where(run => run.Failure is not null).MinBy(run => run.Batch);
        var rows = Merge(runs, failed?.Batch ?? long.MaxValue);
        if (failed?.Failure!.SourceException is UnfitRowException unfit)
            throw new InvalidDataException($"Row {rows.Count} of the {role} view {unfit.Message}", unfit);
        failed?.Failure!.Throw();
        return rows;
    }

    Run Read(DataViewRowCursor cursor)
    {
        var run = new Run();
        try
        {
            using (cursor)
            {
                var read = readerOf(cursor);
                while (cursor.MoveNext() && cursor.Batch <= Volatile.Read(ref _lastBatch))
                {
                    cancellation.ThrowIfCancellationRequested();
                    run.Enter(cursor.Batch);
                    run.Rows.Add(read());
                }
            }
        }
        catch (Exception exception)
        {
            run.Failure = ExceptionDispatchInfo.Capture(exception);
            for (var last = Volatile.Read(ref _lastBatch); run.Batch < last; last = Volatile.Read(ref _lastBatch))
                Interlocked.CompareExchange(ref _lastBatch, run.Batch, last);
        }
        return run;
    }

    static List<T> Merge(Run[] runs, long lastBatch)
    {
        var rows = new List<T>(runs.Sum(run => run.Rows.Count));
        foreach (
            var (run, _, part) in runs.SelectMany(run => run.Parts()).Where(part => part.Batch <= lastBatch).OrderBy(part => part.Batch)
        )
            rows.AddRange(CollectionsMarshal.AsSpan(run.Rows)[part]);
        return rows;
    }

    /// <summary>What one cursor gave.</summary>
    sealed class Run
    {
        readonly List<(long Batch, int Start)> _starts = [];

        public List<T> Rows { get; } = [];

        public ExceptionDispatchInfo? Failure { get; set; }

        /// <summary>The batch of the newest row.</summary>
        public long Batch => _starts.Count > 0 ? _starts[^1].Batch : long.MinValue;

        public void Enter(long batch)
        {
            if (_starts.Count == 0 || batch != Batch)
                _starts.Add((batch, Rows.Count));
        }

        public IEnumerable<(Run Run, long Batch, Range Part)> Parts() =>
            _starts.Select(
                (part, index) => (this, part.Batch, part.Start..(index + 1 < _starts.Count ? _starts[index + 1].Start : Rows.Count))
            );
    }
}

/// <summary>A row is of no use. The message is the rest of a sentence that begins with the row's number.</summary>
sealed class UnfitRowException(string message) : Exception(message);
