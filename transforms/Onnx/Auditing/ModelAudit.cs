using System.Text.Json.Serialization;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>What an audit says about a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditVerdict>))]
public enum AuditVerdict
{
    /// <summary>A prediction depends on its own row alone, as far as these rows show.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>A prediction depends on the other rows of its batch, but accuracy is not shown to depend on their classes.</summary>
    [JsonStringEnumMemberName("depends on its batch")]
    DependsOnBatch,

    /// <summary>Class-sorted batches change accuracy: labels leak through the order of the rows.</summary>
    [JsonStringEnumMemberName("leaks")]
    Leaks,
}

/// <summary>Accuracy in one order at one batch size.</summary>
/// <param name="Order">"alone", "sorted" by class, or "shuffled".</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Accuracy">Correct over total, a fraction; shuffled orders are averaged.</param>
public sealed record AuditedAccuracy(string Order, int Batch, double Accuracy);

/// <summary>An operator of a model's graph.</summary>
/// <param name="Type">Its type, such as "Softmax".</param>
/// <param name="Name">Its name in the graph; empty if it has none.</param>
/// <param name="Output">Its first output, the first tensor of the graph in which rows are mixed.</param>
public sealed record MixingOperator(string Type, string Name, string Output)
{
    /// <summary>"Softmax 'attention/softmax'"</summary>
    public override string ToString() => Name.Length > 0 ? $"{Type} '{Name}'" : $"{Type} with the output '{Output}'";
}

/// <summary>Whether labels leak between the rows of a batch of an ONNX classifier.</summary>
public sealed record ModelAudit
{
    /// <summary>Path of the ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>Rows that were scored.</summary>
    public required int RowCount { get; init; }

    /// <summary>Accuracy alone, class-sorted and shuffled.</summary>
    public required IReadOnlyList<AuditedAccuracy> Accuracies { get; init; }

    /// <summary>The leak index at each batch size; the sizes count as a family.</summary>
    public required IReadOnlyList<LeakIndex> LeakIndexes { get; init; }

    /// <summary>
    /// The largest change of a score when a row gets other neighbours in a batch of the same size, relative to the largest score.
    /// </summary>
    public required double NeighbourChange { get; init; }

    /// <summary>
    /// The largest change of a score between two runs of the same batch, relative to the largest score. Above 0, the model draws noise, and
    /// the leak index alone decides.
    /// </summary>
    public required double RunChange { get; init; }

    /// <summary>The operator that mixes rows; null if none does, or if it cannot be named.</summary>
    public MixingOperator? Operator { get; init; }

    /// <summary>What was assumed or left out, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Larger changes are no rounding.</summary>
    internal const double Tolerance = 1e-5;

    /// <summary>Whether the model draws noise anew with every run.</summary>
    public bool DrawsNoise => RunChange > Tolerance;

    /// <summary>The verdict. For a model that draws noise, the leak index alone decides.</summary>
    public AuditVerdict Verdict =>
        LeakIndexes.Any(leak => leak.IsShown) ? AuditVerdict.Leaks
        : NeighbourChange > Tolerance && !DrawsNoise ? AuditVerdict.DependsOnBatch
        : AuditVerdict.Clean;

    /// <summary>The verdict in words.</summary>
    public string Describe()
    {
        var leak = LeakIndexes.Where(leak => leak.IsShown).MaxBy(leak => Math.Abs(leak.Value));
        var by = Operator is null ? "" : $" The first operator that mixes rows is {Operator}.";
        return Verdict switch
        {
            AuditVerdict.Leaks => FormattableString.Invariant(
                $"Leaks: at batch {leak!.Batch}, class-sorted order changes accuracy by {100 * leak.Value:+0.0;-0.0} points against shuffled order (95 % interval "
            )
                + FormattableString.Invariant(
                    $"{100 * leak.Interval!.Value.Low:+0.0;-0.0} to {100 * leak.Interval.Value.High:+0.0;-0.0}).{by}"
                ),
            AuditVerdict.DependsOnBatch => FormattableString.Invariant(
                $"Depends on its batch: other neighbours change a score by up to {NeighbourChange:0.#e-0} of the largest. "
            ) + $"Accuracy is not shown to depend on the order of {RowCount} rows.{by}",
            _ => DrawsNoise
                ? "Clean: the model draws noise with every run, and the order of the rows makes no significant difference."
                : FormattableString.Invariant(
                    $"Clean: other neighbours change no score by more than {NeighbourChange:0.#e-0} of the largest."
                ),
        };
    }

    /// <inheritdoc cref="Describe"/>
    public override string ToString() => Describe();
}
