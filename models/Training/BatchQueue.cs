using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Training;

/// <summary>
/// The batches of an epoch, gathered and noised on another thread a few steps ahead, in an order that depends on (seed, epoch) alone.
/// The queue is bounded by its few batches, which go round.
/// </summary>
sealed class BatchQueue : IDisposable
{
    const int BatchesAhead = 3;

    readonly LabelledPixels _rows;
    readonly int _batchSize;
    readonly int _seed;
    readonly NoiseKernel? _noise;
    readonly Batch[] _batches;

    public BatchQueue(LabelledPixels rows, ImageClassifier network, int batchSize, int seed, NoiseDefinition? noise)
    {
        _rows = rows;
        _batchSize = Math.Min(batchSize, rows.Count);
        _seed = seed;
        _noise = noise is null ? null : NoiseKernel.Create(noise, [network.Channels, network.Height, network.Width]);
        _batches = [.. Enumerable.Range(0, BatchesAhead).Select(_ => new Batch(_batchSize, network.Channels, network.Height, network.Width))];
    }

    public int RowCount => _rows.Count;

    public int BatchesPerEpoch => (_rows.Count + _batchSize - 1) / _batchSize;

    /// <summary>The shuffled batches of an epoch from <paramref name="firstBatch"/> on. A batch is valid until the next one is asked for.</summary>
    public IEnumerable<Batch> Shuffled(int epoch, int firstBatch) =>
        Gather(SampleOrder.Shuffle(_rows.Count, _seed, epoch), firstBatch, (ulong)RandomStream.Derive(_seed, RandomStream.InputNoise, epoch));

    IEnumerable<Batch> Gather(int[] order, int firstBatch, ulong noiseSeed)
    {
        using var free = new BlockingCollection<Batch>();
        using var full = new BlockingCollection<Batch>();
        using var stop = new CancellationTokenSource();
        foreach (var batch in _batches)
            free.Add(batch);

        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Produce) { IsBackground = true, Name = "Batches" };
        thread.Start();
        try
        {
            foreach (var batch in full.GetConsumingEnumerable())
            {
                yield return batch;
                free.Add(batch);
            }
            failure?.Throw();
        }
        finally
        {
            stop.Cancel();
            thread.Join();
        }

        void Produce()
        {
            try
            {
                for (var index = firstBatch; index < BatchesPerEpoch; index++)
                {
                    var batch = free.Take(stop.Token);
                    var start = index * _batchSize;
                    batch.Fill(_rows, order.AsSpan(start, Math.Min(_batchSize, order.Length - start)));
                    _noise?.Apply(batch.PixelValues[..(batch.Count * _rows.RowLength)], batch.Count, noiseSeed, batch.Ids);
                    full.Add(batch);
                }
            }
            catch (OperationCanceledException)
            {
                // The training step stopped asking.
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                full.CompleteAdding();
            }
        }
    }

    public void Dispose()
    {
        foreach (var batch in _batches)
            batch.Dispose();
    }
}
