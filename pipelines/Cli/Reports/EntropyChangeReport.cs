using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>The entropy change of a noise in both bookkeepings, and the data behind it.</summary>
sealed record EntropyChangeReport(
    string Noise,
    string Description,
    int? Size,
    string Unit,
    double? Paper,
    double? PaperDataLevel,
    double? Conditional,
    EntropyBounds? PaperBounds,
    EntropyBounds? ConditionalBounds,
    bool IsGaussianApproximation,
    string Verdict
)
{
    public string? Data { get; init; }

    public long? Rows { get; init; }

    public int? Classes { get; init; }

    public double? Shrinkage { get; init; }

    public static EntropyChangeReport Of(NoiseDefinition noise, NoiseEntropyChange change) =>
        new(
            noise.Name,
            NoiseWords.Describe(noise),
            change.Size,
            change.Unit,
            change.Paper,
            change.PaperDataLevel,
            change.Conditional,
            change.PaperBounds,
            change.ConditionalBounds,
            change.IsGaussianApproximation,
            change.Verdict
        );

    public void Print(Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine($"{Description}{(Size is { } size ? $", k = {size}" : "")}, in {Unit}:");
        terminal.Table(
            ["bookkeeping", "change"],
            [
                ["paper, latent level", Figure(Paper, PaperBounds)],
                ["paper, data level", Figure(PaperDataLevel, ConditionalBounds)],
                ["consistent: H(Y|Z) - H(Y|Z')", Figure(Conditional, ConditionalBounds)],
            ]
        );
        if (Shrinkage is { } shrinkage)
            output.WriteLine(FormattableString.Invariant($"covariance of {Rows:N0} rows of {Data}, shrunk by {shrinkage:0.####}"));
        output.WriteLine(Verdict);
    }

    static string Figure(double? value, EntropyBounds? bounds) =>
        (value, bounds) switch
        {
            ({ } figure, _) => FormattableString.Invariant($"{figure:0.0000000000;-0.0000000000;0.0000000000}"),
            (_, { AtLeast: { } low, AtMost: { } high }) => FormattableString.Invariant($"between {low:0.######} and {high:0.######}"),
            (_, { AtMost: { } high }) => FormattableString.Invariant($"at most {high:0.######}"),
            (_, { AtLeast: { } low }) => FormattableString.Invariant($"at least {low:0.######}"),
            _ => "decided by the data",
        };
}
