using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports.Measuring;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What a run found, as <c>summary.json</c> holds it: every figure with the seed, data and engines that made it.</summary>
public sealed record Summary : RunProvenance
{
    /// <summary>"single".</summary>
    [JsonPropertyOrder(First)]
    public override string Kind => "single";

    /// <inheritdoc/>
    [JsonPropertyOrder(Second)]
    public override IReadOnlyList<ResultSummary> Results => [.. Runs.Select(run => ResultSummary.Of([run]))];

    /// <summary>The seed that the split, the initial weights, the row order and the noise derive from.</summary>
    [JsonPropertyOrder(Second)]
    public required int Seed { get; init; }

    /// <summary>One entry for each training; all had the same budget.</summary>
    public required IReadOnlyList<RunSummary> Runs { get; init; }

    /// <summary>The data of another domain on which the networks were judged, too; null without.</summary>
    public DataSetSummary? Target { get; init; }

    /// <summary>The accuracy of the second training minus that of the first, on the same test rows; null unless both were judged.</summary>
    public PairedSummary? Difference { get; init; }

    /// <summary>The evaluation protocol's table.</summary>
    public required IReadOnlyList<ProtocolSummary> Protocol { get; init; }

    /// <summary>
    /// Where the protocol attached the noise, for example <c>attention-input of block 3</c>; null where it was not run.
    /// </summary>
    public string? ProtocolSite { get; init; }

    /// <summary>
    /// Accuracy in class-sorted order minus mean accuracy in shuffled order, noise on, batches of 10 or the nearest size; null where that
    /// was not measured.
    /// </summary>
    public double? LeakIndex { get; init; }

    /// <summary>The leak index at every batch size, with its 95 % interval; the sizes count as a family.</summary>
    public required IReadOnlyList<LeakSummary> Leaks { get; init; }

    /// <summary>
    /// Largest change of a logit, noise off, when the other rows of the batch change; over all trainings. Null for autoencoders.
    /// </summary>
    public double? BatchInvariance { get; init; }

    /// <summary>The same with the protocol's noise on: large for noise that mixes rows; null where that was not measured.</summary>
    public double? BatchInvarianceWithNoise { get; init; }

    /// <summary>What the protocol's figures mean, in words; null where it was not run.</summary>
    public string? Verdict { get; init; }

    /// <summary>The entropies of the networks' layers, for each training that was measured.</summary>
    public IReadOnlyList<MeasuredTraining> Measured { get; init; } = [];

    /// <summary>
    /// The same with the noise on the features before the head, whatever the declared site showed; null for noise that does not mix the
    /// batch, and where the features before the head are the declared site.
    /// </summary>
    public SiteSummary? ProtocolBeforeHead { get; init; }

    /// <summary>The exported model; null for autoencoders, whose run keeps their weights alone.</summary>
    public OnnxSummary? Onnx { get; init; }

    /// <summary>The processes that trained each network together; null for one process.</summary>
    public RankSummary? Ranks { get; init; }

    internal static JsonSerializerOptions Json { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
        };

    /// <summary>The summary as indented JSON with camel-case keys.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Summary FromJson(string json) =>
        JsonSerializer.Deserialize<Summary>(json, Json) ?? throw new JsonException("The summary is empty.");
}

/// <summary>The versions and the device that were used.</summary>
public sealed record EngineSummary(string Mlnet, string Torch, string Onnxruntime, string Device, int Threads);

/// <summary>The processes (ranks) that trained a network together, each on its part of every batch.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Library">What connected them.</param>
/// <param name="Normalization">What batch normalisation saw.</param>
/// <param name="Mixing">What noise and mixup that mix rows saw.</param>
public sealed record RankSummary(int Count, string Library, string Normalization, string Mixing);

/// <summary>The data set: rows of each split and the SHA-256 over its files' hashes.</summary>
public sealed record DataSetSummary(string Name, long Train, long Validation, long Test, string Sha256)
{
    /// <summary>Channels, height and width of an image; null where it was not recorded.</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>The rows of each class; null where they were not counted.</summary>
    public IReadOnlyList<ClassCounts>? Classes { get; init; }

    /// <summary>What a user should know about the data, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The rows of a class in each split.</summary>
public sealed record ClassCounts(string Label, int Train, int Validation, int Test);

/// <summary>The accuracies of two networks on the same rows, one minus the other.</summary>
/// <param name="Between">The two, as in "noisy minus vanilla".</param>
/// <param name="Value">The difference of the accuracies.</param>
/// <param name="Low">The lower end of its 95 % interval (Bonett and Price, 2012): over test rows, for these two networks alone.</param>
/// <param name="High">The upper end.</param>
/// <param name="Gained">Rows that only the first-named network gets right.</param>
/// <param name="Lost">Rows that only the other gets right.</param>
public sealed record PairedSummary(string Between, double Value, double Low, double High, int Gained, int Lost);

/// <summary>
/// One training: accuracies are fractions, noise off; the epoch was chosen on validation rows alone. Where predictions are not invariant to
/// the batch that a row is in, the test accuracy is no property of the images and must not be shown as a plain number. An autoencoder has a
/// bound and no accuracies.
/// </summary>
public sealed record RunSummary(
    string Name,
    string Noise,
    double? ValidationAccuracy,
    double? TestAccuracy,
    double? TestAccuracyLow,
    double? TestAccuracyHigh,
    int Epochs,
    int BestEpoch,
    double TrainSeconds,
    double ImagesPerSecond,
    long Parameters,
    bool BatchInvariant = true
)
{
    /// <summary>The way of float32 products in training, "matrix" or "convolution"; null for a network without a choice.</summary>
    public string? LinearProducts { get; init; }

    /// <summary>The share of the steps' time that rank 0 exchanged gradients and waited for other ranks; null for one process.</summary>
    public double? ExchangeShare { get; init; }

    /// <summary>
    /// The test accuracy with the noise of training on; null unless that is a linear map within each image, which a network can learn to
    /// undo.
    /// </summary>
    public double? TestAccuracyWithNoise { get; init; }

    /// <summary>
    /// The accuracy on the test rows of the target (<see cref="Summary.Target"/>), noise off, after the declared adaptation; null without a
    /// target.
    /// </summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>
    /// What the last block still tells about the place of the nuisance, in bits: a lower bound by a cross-validated probe of test rows.
    /// Below 0, it says nothing. Null for data without a nuisance.
    /// </summary>
    public double? PlaceInformation { get; init; }

    /// <summary>The evidence lower bound of an autoencoder; null for a classifier.</summary>
    public BoundSummary? Bound { get; init; }

    /// <summary>What the training is judged by, the higher the better: its test bound in nats, or its test accuracy.</summary>
    internal double Test => Bound?.Test ?? TestAccuracy ?? double.NaN;

    /// <summary>The same of the validation rows, which chose the epoch; null without any.</summary>
    internal double? Validation => Bound is null ? ValidationAccuracy : Bound.Validation;

    /// <summary>The weights that the training began with, and how many arrays of the network they cover; null for random ones.</summary>
    public string? Pretrained { get; init; }

    /// <summary>The figures of each class, the calibration and more, on the test rows; null for an autoencoder.</summary>
    public Classification? Classification { get; init; }

    /// <summary>What follows the test accuracy wherever it is shown: nothing, or that it depends on the batches.</summary>
    internal string Mark => BatchInvariant ? "" : " (transductive)";
}

/// <summary>The evidence lower bounds of an autoencoder: means over rows, in nats per row.</summary>
/// <param name="Training">The bound of the training rows over the chosen epoch: <paramref name="LogLikelihood"/> -
/// <paramref name="Divergence"/>.</param>
/// <param name="LogLikelihood">The part of it that reconstruction makes.</param>
/// <param name="Divergence">The part that the code costs.</param>
/// <param name="Validation">The bound of the validation rows after that epoch.</param>
/// <param name="Test">The bound of the test rows, one draw each.</param>
/// <param name="TestWeighted">The importance-weighted bound of the test rows; null if it was left out.</param>
/// <param name="Draws">Draws of the code for each importance-weighted bound; 0 where it was left out.</param>
public sealed record BoundSummary(
    double Training,
    double LogLikelihood,
    double Divergence,
    double? Validation,
    double Test,
    double? TestWeighted,
    int Draws
);

/// <summary>One cell of the protocol: accuracy from summed correct over total; shuffled orders are averaged over their seeds.</summary>
public sealed record ProtocolSummary(string Noise, string Order, int Batch, double Accuracy, double StandardDeviation, int Orders);

/// <summary>
/// The leak index at one batch size, its 95 % interval and the p-value that it is 0, corrected for the batch sizes. Interval and p-value are
/// null if too few batches differ for an interval that covers.
/// </summary>
public sealed record LeakSummary(int Batch, double Index, double? Low, double? High, double? PValue = null);

/// <summary>What the protocol found with the noise at one site.</summary>
/// <param name="ProtocolSite">Where the noise was.</param>
/// <param name="Protocol">The table.</param>
/// <param name="Leaks">The leak index at every batch size.</param>
/// <param name="BatchInvarianceWithNoise">The largest change of a logit when the neighbours change.</param>
/// <param name="Verdict">What the figures mean, in words.</param>
public sealed record SiteSummary(
    string ProtocolSite,
    IReadOnlyList<ProtocolSummary> Protocol,
    IReadOnlyList<LeakSummary> Leaks,
    double BatchInvarianceWithNoise,
    string Verdict
);

/// <summary>The exported model and how it scores on ONNX Runtime.</summary>
public sealed record OnnxSummary(string Path, int Opset, double MaxAbsDifference, double TestAccuracy, double RowsPerSecond, int Batch)
{
    /// <summary>What the file divides its logits by before the softmax, fitted on validation rows; null for nothing.</summary>
    public double? Temperature { get; init; }

    /// <summary>The inputs of the file.</summary>
    public IReadOnlyList<TensorSummary> Inputs { get; init; } = [];

    /// <summary>The outputs of the file.</summary>
    public IReadOnlyList<TensorSummary> Outputs { get; init; } = [];
}

/// <summary>An input or an output of a model file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values, such as float.</param>
/// <param name="Shape">Its lengths, the batch first; the name of a length that is open, or "?".</param>
public sealed record TensorSummary(string Name, string Type, IReadOnlyList<string> Shape);

/// <summary>The course of one training.</summary>
public sealed record TrainingCurve(string Name, IReadOnlyList<EpochPoint> Epochs)
{
    /// <summary>What was measured of the network's layers, in the order of the epochs.</summary>
    public IReadOnlyList<LayerMeasurement> Measured { get; init; } = [];

    /// <summary>The course of a training that is over.</summary>
    internal static TrainingCurve Of(string name, TrainingResult training) =>
        new(
            name,
            [
                .. training.Epochs.Select(epoch => new EpochPoint(
                    epoch.Epoch,
                    epoch.Loss,
                    epoch.ValidationLoss ?? double.NaN,
                    epoch.ValidationAccuracy ?? double.NaN,
                    epoch.Divergence
                )),
            ]
        )
        {
            Measured = [.. training.Epochs.SelectMany(epoch => epoch.Measured ?? [])],
        };
}

/// <summary>
/// One epoch: mean training loss (nats), validation loss (nats) and validation accuracy (fraction); of an autoencoder the losses are its
/// bounds with their signs changed, and there is a divergence (nats) in place of the accuracy.
/// </summary>
public sealed record EpochPoint(int Epoch, double TrainLoss, double ValidationLoss, double ValidationAccuracy, double? Divergence = null);
