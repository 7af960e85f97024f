using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Models.Training.Process;

namespace NoisyNN.Models.Training;

/// <summary>
/// The budget, the optimiser and the resources of a training: those options that need neither data nor a network. The section
/// <c>training</c> of an experiment file has a key for each. Public fields with defaults, by ML.NET's convention.
/// </summary>
public partial class TrainingRecipe
{
    /// <summary>Passes over the training rows.</summary>
    [Option(OptionEffect.Outcome, Key = "epochs", Unit = "epochs"), Range(1, 100_000)]
    public int MaxEpoch = 5;

    /// <summary>Rows that the network computes at once.</summary>
    [Option(OptionEffect.Outcome, Unit = "rows"), Range(1, 65_536)]
    public int BatchSize = 64;

    /// <summary>
    /// Batches whose gradients are added up for one step of the optimiser. A step then has this many times <see cref="BatchSize"/> rows, in
    /// the memory of one batch. What spans a batch inside the network (normalisation, mixing) spans <see cref="BatchSize"/> rows.
    /// </summary>
    [Option(OptionEffect.Outcome, Unit = "batches"), Range(1, 65_536)]
    public int AccumulationSteps = 1;

    /// <summary>
    /// Processes (ranks) that train the network together, each on its part of every batch. The steps are those of one process, up to
    /// rounding. <c>noisynn train</c> starts the processes by MPI; a program of yours gives the trainer a <c>ProcessGroup</c>.
    /// </summary>
    [Option(OptionEffect.Outcome, Unit = "processes"), Range(1, 4096)]
    public int Ranks = 1;

    /// <summary>AdamW's learning rate after the warm-up.</summary>
    [Option(OptionEffect.Outcome, Remedy = "0.001 is a usual start"), Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate = 1e-3;

    /// <summary>The share of <see cref="LearningRate"/> that is left when the cosine ends.</summary>
    [Option(OptionEffect.Outcome, Remedy = "it is a share of the learning rate"), Range(0.0, 1.0)]
    public double FinalLearningRateRatio = 0.01;

    /// <summary>Epochs in which the rate rises from 0 in a straight line; fractions are allowed.</summary>
    [Option(OptionEffect.Outcome, Unit = "epochs"), Range(0.0, 100_000.0)]
    public double WarmupEpochs = 0.5;

    /// <summary>Decoupled weight decay of matrices; normalisations, biases, the class token and positions have none.</summary>
    [Option(OptionEffect.Outcome), Range(0.0, 10.0)]
    public double WeightDecay = 0.05;

    /// <summary>
    /// The factor on the learning rate from each layer to the one below it, for fine-tuning; 1 trains all layers alike. The head learns at
    /// the full rate, the embedding slowest (Clark et al., arXiv 2003.10555; 0.65 to 0.75 are usual for transformers).
    /// </summary>
    [Option(OptionEffect.Outcome, Remedy = "1 trains all layers alike"), Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LayerRateDecay = 1;

    /// <summary>
    /// The decay of an exponential moving average of the weights; 0 keeps none, 0.999 to 0.9999 are usual. The average is taken after each
    /// step. It is validated, kept and delivered in place of the last weights. In the first steps t the decay is at most (1 + t) / (10 +
    /// t).
    /// </summary>
    [Option(OptionEffect.Outcome, Remedy = "0 keeps no average, 0.999 is usual"), Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double MovingAverageDecay;

    /// <summary>The share of the target that is spread evenly over all classes.</summary>
    [Option(OptionEffect.Outcome), Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing = 0.1;

    /// <summary>The largest norm of all gradients together; 0 leaves them as they are.</summary>
    [Option(OptionEffect.Outcome, Remedy = "0 switches clipping off"), Range(0.0, double.MaxValue)]
    public double ClipNorm = 1;

    /// <summary>
    /// A factor on all initial matrices and kernels; biases and normalisations keep theirs. 1 leaves the network's own initialisation. A
    /// training from pretrained weights refuses another value.
    /// </summary>
    [Option(OptionEffect.Outcome, Remedy = "1 leaves the network's own initialisation"), Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double InitialScale = 1;

    /// <summary>Random changes to the training images, drawn anew in every epoch, before any noise; null for none.</summary>
    [Option(OptionEffect.Outcome)]
    public Augmentation? Augmentation;

    /// <summary>
    /// Self-supervised training of the body in place of training on the classes, which the head alone learns; null for none. Its views are
    /// made by <see cref="Augmentation"/>.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public SimClr? SimClr;

    /// <summary>Whether rows of rare classes weigh more, so that every class has the same total weight.</summary>
    [Option(OptionEffect.Outcome)]
    public bool BalanceClasses;

    /// <summary>
    /// The weight of each class's rows in the loss, in the order of the label's key values; empty for equal ones. Only their ratios count.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public IReadOnlyList<double> ClassWeights = [];

    /// <summary>Epochs without a better validation result after which the training stops; 0 never stops early.</summary>
    [Option(OptionEffect.Outcome, Unit = "epochs", Remedy = "0 never stops early"), Range(0, 100_000)]
    public int Patience;

    /// <summary>
    /// The precision of the large matrix products and the convolutions of a training step. Validation and the trained network are
    /// float32. A device that does not have the precision, or gains nothing by it, is refused.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public Precision Precision;

    /// <summary>
    /// How the float32 products of a transformer's linear layers are computed on a CPU. Null takes the faster way on this machine
    /// (<see cref="FastestProduct"/>), or that of the checkpoint that a training goes on from. The two ways differ in their last bits.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public LinearProduct? LinearProduct;

    /// <summary>
    /// libtorch's threads while training; 0 takes one per processor, or what <c>OMP_NUM_THREADS</c> or the program has set, and one for
    /// each of several ranks. A resumed training repeats another bit by bit with the same number.
    /// </summary>
    [Option(OptionEffect.Execution, Key = "threads", Unit = "threads")]
    [Range(0, ThreadLimit.Largest, ErrorMessage = "it must be from {1}, which leaves libtorch's own number, to {2}")]
    public int ThreadCount;

    /// <summary>Threads that gather, augment and noise rows while the network trains. Their number changes no value.</summary>
    [Option(OptionEffect.Execution, Key = "loadingThreads", Unit = "threads"), Range(1, 256)]
    public int LoadingThreadCount = 1;

    /// <summary>
    /// The most memory that the training and validation rows may take together; null is a quarter of what the process may have. The other
    /// rows lie in a temporary file in the workspace or, without one, in the system's folder for such files. A row takes a byte a value
    /// where values are whole numbers from 0 to 255, and four otherwise. The limit changes no value.
    /// </summary>
    [Option(OptionEffect.Execution, Unit = "bytes", Remedy = "null takes a quarter of the memory"), Range(0.0, 1e18)]
    public long? RowMemoryBytes;

    /// <summary>Steps between checkpoints within an epoch; 0 writes one after each epoch alone.</summary>
    [Option(OptionEffect.Execution, Key = "checkpointSteps", Unit = "steps"), Range(0, int.MaxValue)]
    public int CheckpointEverySteps = DefaultCheckpointSteps;

    /// <summary>Steps between reports of loss, rate and speed within an epoch; 0 reports epochs alone.</summary>
    [Option(OptionEffect.Execution, Unit = "steps"), Range(0, int.MaxValue)]
    public int LogEverySteps = 50;

    /// <summary>Whether the workspace also receives the reports as TensorBoard's event files.</summary>
    [Option(OptionEffect.Execution)]
    public bool TensorBoard;
}
