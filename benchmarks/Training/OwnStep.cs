using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training.Batches;
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

    readonly Batch _batch = new(BatchSize, [1, RandomImages.Size, RandomImages.Size]);
    readonly TrainingProcess _process = new(threads: 2);
    readonly ClassificationTask _task;
    readonly NetworkOptimizer _optimization;

    /// <param name="network">It is disposed with the step.</param>
    /// <param name="precision">What its products are computed in.</param>
    /// <param name="rows">At least 64.</param>
    public OwnStep(Classifier network, Precision precision, RowStore rows)
    {
        Network = network;
        Network.train();
        Network.SetPrecision(precision);
        Network.SetLinearProduct(FastestProduct.On(CPU));
        var options = new NoisyViTTrainer.Options
        {
            LabelSmoothing = 0.1,
            WeightDecay = 0.05,
            ClipNorm = 0,
            BatchSize = BatchSize,
            Seed = 1,
        };
        _task = new ClassificationTask(Network, CPU, options, rows, validation: null);
        _optimization = new NetworkOptimizer(Network, options);
        _batch.Fill(rows, [.. Enumerable.Range(0, BatchSize)]);
    }

    public Classifier Network { get; }

    public Batch Rows => _batch;

    /// <summary>Does a step and returns its loss.</summary>
    public double Run()
    {
        var (loss, _) = _task.Compute(_batch);
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
        _task.Dispose();
        _batch.Dispose();
        Network.Dispose();
        _process.Dispose();
    }
}
