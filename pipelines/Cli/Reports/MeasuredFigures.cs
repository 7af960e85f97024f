using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>The figures of a measurement for other programs. Entropies are in <see cref="Unit"/>.</summary>
sealed record MeasuredFigures(
    double Dse,
    double? Dsmi,
    string Unit,
    string Mode,
    double? Sigma,
    string Rule,
    double Power,
    int? Neighbors,
    int? Bins,
    int? Repetitions,
    string Scaling,
    string Precision,
    int Seed,
    int Rows,
    int TotalRows,
    int Dimension,
    SubsamplingInterval? Interval,
    SubsamplingInterval? DsmiInterval,
    double? ErrorBound,
    double? DsmiErrorBound,
    IReadOnlyList<ClassEntropy> Classes,
    IReadOnlyList<string> Notes
)
{
    public static MeasuredFigures Of(EntropyReport report) =>
        new(
            report.Dse,
            report.Dsmi,
            report.Unit,
            MeasureOptions.Word(report.Mode),
            report.Sigma,
            report.BandwidthRule,
            report.Power,
            report.Neighbors,
            report.Bins,
            report.Repetitions,
            MeasureOptions.Word(report.Scaling),
            MeasureOptions.Word(report.Precision),
            report.Seed,
            report.Rows,
            report.TotalRows,
            report.Dimension,
            report.DseInterval,
            report.DsmiInterval,
            report.DseErrorBound,
            report.DsmiErrorBound,
            report.Classes,
            report.Notes
        );
}
