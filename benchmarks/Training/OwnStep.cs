using NoisyNN.Models.Distributed;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Models.Training.Process;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>The step that <see cref="Models.Training.Loop.TrainingLoop"/> does, on the same 64 rows again and again.</summary>
sealed class OwnStep : IDisposable
{
    public const int BatchSize = 64;

    // Without a warm-up, ten steps at 1e-3 jump about, and any rounding grows to a tenth of the loss.
    const double LearningRate = 1e-4;

    readonly Batch _batch;
    readonly TrainingProcess _process;
    readonly ClassificationTask _task;
    readonly NetworkOptimizer _optimization;
    readonly TrainingRanks _ranks;

    /// <param name="network">It is disposed with the step.</param>
    /// <param name="precision">What its products are computed in.</param>
    /// <param name="rows">At least as many as a step has.</param>
    /// <param name="threads">libtorch's.</param>
    /// <param name="batchSize">The rows of a step on each rank.</param>
    /// <param name="group">The processes that do the step together; null for this one alone.</param>
    public OwnStep(
        Classifier network,
        Precision precision,
        RowStore rows,
        int threads = 2,
        int batchSize = BatchSize,
        ProcessGroup? group = null
    )
    {
        group ??= ProcessGroup.Alone;
        _process = new TrainingProcess(threads);
        _batch = new Batch(batchSize, [1, RandomImages.Size, RandomImages.Size]);
        Network = network;
        Network.train();
        Network.SetPrecision(precision);
        Network.SetLinearProduct(FastestProduct.On(CPU));
        var options = new NoisyViTTrainer.Options
        {
            LabelSmoothing = 0.1,
            WeightDecay = 0.05,
            ClipNorm = 0,
            BatchSize = batchSize * group.Size,
            Ranks = group.Size,
            ProcessGroup = group,
            Seed = 1,
        };
        _task = new ClassificationTask(Network, CPU, options, rows, validation: null);
        _optimization = new NetworkOptimizer(Network, options);
        _ranks = new TrainingRanks(group, Network, CancellationToken.None);
        _batch.Fill(rows, [.. Enumerable.Range(group.Rank * batchSize, batchSize)]);
        _batch.Keep(0, batchSize, stepCount: batchSize * group.Size);
    }

    public Classifier Network { get; }

    public Batch Rows => _batch;

    /// <summary>The seconds that went into exchanging gradients.</summary>
    public double ExchangeSeconds => _ranks.ExchangeSeconds;

    /// <summary>Does a step and returns its loss.</summary>
    public double Run()
    {
        var (loss, figures) = _task.Compute(_batch, blockLeft: _ranks.BlockLeft);
        (loss, _) = _ranks.Sum(_batch, loss, figures);
        _optimization.Step(LearningRate);
        return loss;
    }

    /// <summary>The optimiser's part of a step alone, on gradients of ones.</summary>
    public void Optimize()
    {
        foreach (var parameter in Network.parameters())
            parameter.grad ??= ones_like(parameter).DetachFromDisposeScope();
        _optimization.Step(LearningRate);
    }

    public void Dispose()
    {
        _optimization.Dispose();
        _ranks.Dispose();
        _task.Dispose();
        _batch.Dispose();
        Network.Dispose();
        _process.Dispose();
    }
}
