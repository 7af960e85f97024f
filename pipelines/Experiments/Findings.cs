using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Measuring;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>What the networks of a run are like, once they are trained and judged. What does not apply to them is null.</summary>
/// <param name="Runs">The figures of each training.</param>
/// <param name="Curves">The course of each training.</param>
sealed record Findings(IReadOnlyList<RunSummary> Runs, IReadOnlyList<TrainingCurve> Curves)
{
    /// <summary>What noise at inference did: at the declared place, and perhaps before the head.</summary>
    public IReadOnlyList<LeakFinding> Leaks { get; init; } = [];

    /// <summary>The training whose network had that noise.</summary>
    public string? LeakSubject { get; init; }

    /// <summary>The largest change of a logit, noise off, with the other rows of a batch.</summary>
    public double? BatchInvariance { get; init; }

    /// <summary>The entropies of the networks' layers.</summary>
    public IReadOnlyList<MeasuredTraining> Measured { get; init; } = [];

    /// <summary>The exported network.</summary>
    public OnnxSummary? Onnx { get; init; }

    /// <summary>The second network against the first, on the same rows.</summary>
    public PairedSummary? Difference { get; init; }

    /// <summary>Images, and what the networks make of them.</summary>
    public RunPictures? Pictures { get; init; }
}
