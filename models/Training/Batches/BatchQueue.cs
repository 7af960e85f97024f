using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Training.Batches;

/// <summary>
/// The rows of an epoch's steps, gathered, augmented and noised on other threads a few steps ahead. What a step gets depends on (seed,
/// epoch, step) alone, so any number of threads gives the same. The queue is bounded by its few batches, which go round.
/// </summary>
sealed class BatchQueue : IDisposable
{
    const int BatchesAhead = 3;

    readonly RowStore _rows;
    readonly int _batchSize;
    readonly StepShare _share;
    readonly bool _needsWholeStep;
    readonly int _seed;
    readonly int _threadCount;
    readonly ImageAugmenter? _augmenter;
    readonly double _mixupAlpha;
    readonly NoiseKernel? _noise;
    readonly Batch[] _batches;

    // Kept from epoch to epoch: a new thread takes whichever of the allocator's arenas is free, so that each of them would grow in time.
    readonly BlockingCollection<Task> _work = [];
    Thread[] _threads = [];

    /// <param name="rows">The training rows.</param>
    /// <param name="rowShape">The shape of a row, such as [C, H, W].</param>
    /// <param name="options">Batch sizes, seed and threads.</param>
    /// <param name="noise">Noise on the rows, drawn anew in every epoch; null for none.</param>
    /// <param name="augmentation">Changes to the rows, drawn anew in every epoch; null for none.</param>
    public BatchQueue(
        RowStore rows,
        IReadOnlyList<int> rowShape,
        TrainingOptions options,
        NoiseDefinition? noise,
        Augmentation? augmentation
    )
    {
        _rows = rows;
        _share = StepShare.Of(options);
        _batchSize = Math.Min(_share.StepSize, rows.Count);
        _seed = options.Seed!.Value;
        _threadCount = options.LoadingThreadCount;
        _augmenter =
            augmentation is not null && rowShape is [var channels, var height, var width]
                ? new ImageAugmenter(augmentation, channels, height, width)
                : null;
        _mixupAlpha = augmentation?.MixupAlpha ?? 0;
        _noise = noise is null ? null : NoiseKernel.Create(noise, [.. rowShape]);
        // What mixes rows needs those of the other processes too.
        _needsWholeStep = _mixupAlpha > 0 || noise is { IsTransductive: true };
        var size = _needsWholeStep ? _batchSize : _share.Of(_batchSize).Count;
        _batches = [.. Enumerable.Range(0, BatchesAhead + _threadCount - 1).Select(_ => new Batch(size, rowShape))];
    }

    public int RowCount => _rows.Count;

    public int BatchesPerEpoch => (_rows.Count + _batchSize - 1) / _batchSize;

    /// <summary>How long those who asked for batches have waited, in all.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>
    /// The shuffled batches of an epoch from <paramref name="firstBatch"/> on. A batch is valid until the next one is asked for.
    /// </summary>
    public IEnumerable<Batch> Shuffled(int epoch, int firstBatch) =>
        Gather(SampleOrder.Shuffle(_rows.Count, _seed, epoch), epoch, firstBatch);

    IEnumerable<Batch> Gather(int[] order, int epoch, int firstBatch)
    {
        // A thread takes a free place before it takes a number, and places come free in the order of the numbers: so the place of its
        // number is free.
        using var free = new SemaphoreSlim(_batches.Length);
        var filled = _batches.Select(_ => new SemaphoreSlim(0)).ToArray();
        using var stop = new CancellationTokenSource();
        ExceptionDispatchInfo? failure = null;
        var next = firstBatch - 1;
        var work = Enumerable.Range(0, _threadCount).Select(_ => new Task(Produce)).ToArray();
        Start();
        foreach (var task in work)
            _work.Add(task);
        try
        {
            for (var index = firstBatch; index < BatchesPerEpoch; index++)
            {
                Wait(filled[index % _batches.Length]);
                yield return _batches[index % _batches.Length];
                free.Release();
            }
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(work);
            foreach (var semaphore in filled)
                semaphore.Dispose();
        }

        void Wait(SemaphoreSlim semaphore)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                semaphore.Wait(stop.Token);
            }
            catch (OperationCanceledException)
            {
                failure!.Throw();
            }
            Waited += Stopwatch.GetElapsedTime(start);
        }

        void Produce()
        {
            try
            {
                var scratch = new float[_rows.RowLength];
                while (true)
                {
                    free.Wait(stop.Token);
                    var index = Interlocked.Increment(ref next);
                    if (index >= BatchesPerEpoch)
                        return;
                    Fill(
                        _batches[index % _batches.Length],
                        order.AsSpan(index * _batchSize, Math.Min(_batchSize, order.Length - index * _batchSize)),
                        epoch,
                        index,
                        scratch
                    );
                    filled[index % _batches.Length].Release();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The training step stopped asking.
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                stop.Cancel();
            }
        }
    }

    void Start()
    {
        if (_threads.Length > 0)
            return;
        _threads = [.. Enumerable.Range(0, _threadCount).Select(_ => new Thread(Work) { IsBackground = true, Name = "Batches" })];
        foreach (var thread in _threads)
            thread.Start();

        void Work()
        {
            foreach (var task in _work.GetConsumingEnumerable())
                task.RunSynchronously(TaskScheduler.Default);
        }
    }

    void Fill(Batch batch, ReadOnlySpan<int> step, int epoch, int index, float[] scratch)
    {
        var (start, count) = _share.Of(step.Length);
        batch.Fill(_rows, _needsWholeStep ? step : step.Slice(start, count));
        Change(batch, epoch, index, scratch);
        batch.Keep(_needsWholeStep ? start : 0, count, step.Length);
    }

    /// <summary>The noise comes last, so that the network sees exactly the noise that is declared.</summary>
    void Change(Batch batch, int epoch, int index, float[] scratch)
    {
        if (batch.Count == 0)
            return;
        var pixels = batch.PixelValues[..(batch.Count * _rows.RowLength)];
        if (_augmenter is not null)
        {
            var key = (ulong)RandomStream.Derive(_seed, RandomStream.Augmentation, epoch);
            for (var row = 0; row < batch.Count; row++)
                _augmenter.Apply(pixels.Slice(row * _rows.RowLength, _rows.RowLength), scratch, key, batch.Ids[row]);
        }
        if (_mixupAlpha > 0)
            batch.Mix(
                Mixup.Share(_mixupAlpha, RandomStream.Create(_seed, RandomStream.Mixup, (long)epoch * BatchesPerEpoch + index)),
                _rows.RowLength,
                scratch
            );
        _noise?.Apply(pixels, batch.Count, (ulong)RandomStream.Derive(_seed, RandomStream.InputNoise, epoch), batch.Ids);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _work.Dispose();
        foreach (var batch in _batches)
            batch.Dispose();
    }
}
