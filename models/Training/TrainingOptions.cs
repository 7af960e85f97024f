using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Training;

/// <summary>What every image classifier's trainer is told. Public fields with defaults, by ML.NET's convention.</summary>
public abstract partial class TrainingOptions
{
    /// <summary>A key column with key values; <c>MapValueToKey</c> makes one.</summary>
    public string LabelColumnName = "Label";

    /// <summary>Raw pixels, planar, 0..255: a <c>Vector&lt;Single&gt;</c> of known size C·H·W.</summary>
    public string FeatureColumnName = "Pixels";

    /// <summary>The column of class probabilities that the trained model appends.</summary>
    public string ScoreColumnName = "Score";

    /// <summary>The column of predicted keys that the trained model appends.</summary>
    public string PredictedLabelColumnName = "PredictedLabel";

    /// <summary>
    /// A safetensors file of weights to begin with, under timm's, Hugging Face's or torchvision's names; null begins with random ones. A
    /// head for another number of classes stays random. <see cref="TrainingResult.Pretrained"/> and the log say what was loaded.
    /// </summary>
    public string? PretrainedPath;

    /// <summary>Random changes to the training images, drawn anew in every epoch, before any noise; null for none.</summary>
    public Augmentation? Augmentation;

    /// <summary>Noise on the input pixels, drawn anew in every epoch; null for none.</summary>
    public NoiseDefinition? InputNoise;

    /// <summary>Noise inside the network; null for none.</summary>
    public LatentNoisePlacement? LatentNoise;

    /// <summary>Passes over the training rows.</summary>
    public int MaxEpoch = 10;

    /// <summary>Rows that the network computes at once.</summary>
    public int BatchSize = 64;

    /// <summary>
    /// Batches whose gradients are added up for one step of the optimiser, so that a step has <see cref="BatchSize"/> times as many rows in
    /// the memory of one batch. What spans a batch inside the network (normalisation, mixing) spans <see cref="BatchSize"/> rows.
    /// </summary>
    public int AccumulationSteps = 1;

    /// <summary>AdamW's rate after the warm-up.</summary>
    public double LearningRate = 1e-3;

    /// <summary>The share of <see cref="LearningRate"/> at which the cosine ends.</summary>
    public double FinalLearningRateRatio = 0.01;

    /// <summary>Epochs in which the rate rises from 0 in a straight line; fractions are allowed.</summary>
    public double WarmupEpochs = 0.5;

    /// <summary>Decoupled weight decay of matrices; normalisations, biases, the class token and positions have none.</summary>
    public double WeightDecay = 0.05;

    /// <summary>
    /// What the rate is multiplied by from each layer to the one below it, for fine-tuning: the head learns at the full rate, the embedding
    /// slowest (Clark et al., arXiv 2003.10555; 0.65 to 0.75 are usual for transformers). 1 trains all layers alike.
    /// </summary>
    public double LayerRateDecay = 1;

    /// <summary>
    /// Decay d of an exponential moving average of the weights, taken after each step, which then validates, is kept and is delivered in
    /// place of the last weights; 0.999 to 0.9999 are usual. In the first steps t it is at most (1 + t) / (10 + t). 0 keeps none.
    /// </summary>
    public double MovingAverageDecay;

    /// <summary>The share of the target spread evenly over all classes.</summary>
    public double LabelSmoothing = 0.1;

    /// <summary>Weighs the rows of rare classes more, so that every class has the same total weight.</summary>
    public bool BalanceClasses;

    /// <summary>
    /// The weight of each class's rows in the loss, in the order of the label's key values, relative to one another; empty for equal ones.
    /// </summary>
    public IReadOnlyList<double> ClassWeights = [];

    /// <summary>The largest norm of all gradients together; 0 leaves them as they are.</summary>
    public double ClipNorm = 1;

    /// <summary>
    /// Seeds the first weights, the order of the rows and every noise. Null draws one from the context when the trainer is made, which is
    /// repeatable if the context has a seed; a training that another process may have to resume needs one or the other.
    /// </summary>
    public int? Seed;

    /// <summary>
    /// Rows that choose the model: the weights of the epoch with the best validation accuracy, measured without any noise, are kept. Null
    /// keeps the last.
    /// </summary>
    public IDataView? ValidationSet;

    /// <summary>Epochs without a better validation result after which the training stops; 0 never stops early.</summary>
    public int Patience;

    /// <summary>A folder for checkpoints and <c>metrics.jsonl</c>; null writes nothing.</summary>
    public string? WorkspacePath;

    /// <summary>Whether the reports are written to <see cref="WorkspacePath"/> as TensorBoard's event files too.</summary>
    public bool TensorBoard;

    /// <summary>
    /// Goes on from the newest checkpoint in <see cref="WorkspacePath"/>, if there is one, with the same options and rows.
    /// </summary>
    public bool Resume;

    /// <summary>Steps between checkpoints; one is always written after an epoch. 0 writes none in between.</summary>
    public int CheckpointEverySteps;

    /// <summary>Steps between reports of loss, rate and speed within an epoch. 0 reports epochs only.</summary>
    public int LogEverySteps = 50;

    /// <summary>
    /// Stops the training after the step in progress. What there is is kept: a checkpoint, and a model with the best weights so far
    /// whose <see cref="TrainingResult.Interrupted"/> is set.
    /// </summary>
    public CancellationToken CancellationToken;

    /// <summary>Called on the training thread with each report.</summary>
    public Action<TrainingMetrics>? MetricsCallback;

    /// <summary>
    /// What the large matrix products and the convolutions of a training step are computed in. Validation and the trained network are
    /// float32. A device that does not have the precision, or gains nothing by it, is refused.
    /// </summary>
    public Precision Precision;

    /// <summary>
    /// The way of the float32 products of a transformer's linear layers on a CPU. Null takes the faster one on this machine
    /// (<see cref="FastestProduct"/>), or that of the checkpoint that a training goes on from: the two differ in their last bits.
    /// </summary>
    public LinearProduct? LinearProduct;

    /// <summary>
    /// Torch's threads while training; 0 takes the process's setting: one per processor, unless <c>OMP_NUM_THREADS</c> or the program says
    /// otherwise. A resumed training repeats another bit by bit with the same number.
    /// </summary>
    public int ThreadCount;

    /// <summary>Threads that gather, augment and noise rows while the network trains. Their number changes no value.</summary>
    public int LoadingThreadCount = 1;

    /// <summary>
    /// The most bytes of memory that the training and validation rows may take together, a byte a value where values are whole numbers from
    /// 0 to 255 and else four. The rest lies in a temporary file in <see cref="WorkspacePath"/>, or else in the system's folder for such
    /// files, of which the system keeps in memory what it has room for. Null is a quarter of the memory that the process may have. It
    /// changes no value.
    /// </summary>
    public long? RowMemoryBytes;

    /// <summary>The bytes of memory for rows.</summary>
    internal long RowMemory => RowMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>The network's sizes.</summary>
    internal abstract NetworkConfiguration Configuration { get; }
}
