using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training.ImageAugmentation;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The budget and the optimiser (AdamW with warm-up and a cosine schedule).</summary>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="BatchSize">Rows in a step.</param>
/// <param name="LearningRate">The highest learning rate, reached after the warm-up.</param>
/// <param name="WarmupEpochs">Epochs, or a part of one, in which the learning rate climbs.</param>
/// <param name="WeightDecay">Decay of weight matrices in a step, times the learning rate; biases and norms do not decay.</param>
/// <param name="LabelSmoothing">Share of the target that is spread evenly over the classes.</param>
/// <param name="ClipNorm">The longest gradient that is not shortened; 0 = never shortened.</param>
/// <param name="Augmentation">Random changes to the training images; none if absent.</param>
/// <param name="AccumulationSteps">Batches whose gradients are added up for one step.</param>
/// <param name="LayerRateDecay">What the learning rate is multiplied by from each layer to the one below it; 1 = all layers alike.</param>
/// <param name="MovingAverageDecay">Decay of an exponential moving average of the weights, which is then judged and kept; 0 = none.</param>
/// <param name="BalanceClasses">Whether rows of rare classes weigh more, so that all classes weigh the same.</param>
/// <param name="ClassWeights">One weight for each class, in the order of the labels; none = equal ones.</param>
/// <param name="Patience">Epochs without a better validation result before the training stops; 0 = never.</param>
/// <param name="LoadingThreads">Threads that gather and noise rows while the network trains.</param>
/// <param name="RowMemoryBytes">Bytes of memory for training and validation rows, the rest of which lies in a temporary file; none = a
/// quarter of the memory.</param>
/// <param name="Precision">What the large products of training are computed in: float32, or bfloat16 where the processor has it.</param>
/// <param name="TensorBoard">Whether each training's folder gets TensorBoard's event files too.</param>
/// <param name="Threads">Threads to compute with; 0 = one per processor, or OMP_NUM_THREADS.</param>
/// <param name="CheckpointSteps">Steps between two checkpoints; 0 = only at the end of an epoch.</param>
public sealed record TrainingSection(
    [Range(1, 100_000)] int Epochs = 5,
    [Range(1, 65_536)] int BatchSize = 64,
    [Range(0.0, 10.0, MinimumIsExclusive = true)] double LearningRate = 1e-3,
    [Range(0.0, 100_000.0)] double WarmupEpochs = 0.5,
    [Range(0.0, 10.0)] double WeightDecay = 0.05,
    [Range(0.0, 1.0, MaximumIsExclusive = true)] double LabelSmoothing = 0.1,
    [Range(0.0, double.MaxValue)] double ClipNorm = 1,
    [Range(0, 1024)] int Threads = 0,
    [Range(0, int.MaxValue)] int CheckpointSteps = 200,
    Augmentation? Augmentation = null,
    [Range(1, 65_536)] int AccumulationSteps = 1,
    [Range(0.0, 1.0, MinimumIsExclusive = true)] double LayerRateDecay = 1,
    [Range(0.0, 1.0, MaximumIsExclusive = true)] double MovingAverageDecay = 0,
    bool BalanceClasses = false,
    IReadOnlyList<double>? ClassWeights = null,
    [Range(0, 100_000)] int Patience = 0,
    [Range(1, 256)] int LoadingThreads = 1,
    [Range(0.0, 1e18)] double? RowMemoryBytes = null,
    Precision Precision = Precision.Float32,
    bool TensorBoard = false
)
{
    /// <summary>The threads that training computes with.</summary>
    public int ThreadCount => Threads > 0 ? Threads : torch.get_num_threads();
}
