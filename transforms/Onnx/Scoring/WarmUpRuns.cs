using System.Diagnostics;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Runs a model on zeros, several runs at a time, and counts rows. Kernels take the same time for zeros as for other values.
/// </summary>
sealed class WarmUpRuns : IDisposable
{
    const int Turns = 2;
    static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(50);

    readonly OnnxBlock[] _blocks;
    readonly int _batchSize;

    public WarmUpRuns(OnnxBlockMapper mapper, SharedSession session, int batchSize, int parallelRuns)
    {
        _batchSize = batchSize;
        _blocks =
        [
            .. Enumerable
                .Range(0, parallelRuns)
                .Select(_ => new OnnxBlock(mapper.Model, session, mapper.Input, mapper.Pixels, mapper.Output, batchSize)),
        ];
        // The first run of a shape also allocates and packs, so it does not count.
        foreach (var block in _blocks)
            block.Compute(batchSize, []);
    }

    /// <summary>The better of two short turns counts, because another program can only slow a turn down.</summary>
    public double RowsPerSecond() => Enumerable.Range(0, Turns).Max(_ => Turn());

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
    }

    double Turn()
    {
        var clock = Stopwatch.StartNew();
        var runs = 0;
        Task[] others =
        [
            .. _blocks
                .Skip(1)
                .Select(block =>
                    Task.Factory.StartNew(
                        () => Repeat(block),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                ),
        ];
        try
        {
            Repeat(_blocks[0]);
        }
        finally
        {
            Task.WaitAll(others);
        }
        return (double)runs * _batchSize / clock.Elapsed.TotalSeconds;

        void Repeat(OnnxBlock block)
        {
            do
            {
                block.Compute(_batchSize, []);
                Interlocked.Increment(ref runs);
            } while (clock.Elapsed < s_turn);
        }
    }
}
