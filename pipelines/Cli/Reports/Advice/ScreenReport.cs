using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Entropy.Advice;

namespace NoisyNN.Pipelines.Cli.Reports.Advice;

/// <summary>The screen of a column as words and figures, in bits.</summary>
sealed record ScreenReport(
    string Data,
    string NoiseOn,
    string MeasuredOn,
    string Unit,
    double Dsmi,
    double Sigma,
    string BandwidthRule,
    int Blocks,
    int RowsPerBlock,
    long TotalRows,
    double Confidence,
    string? Leading,
    string Verdict,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ScreenReport.Bandwidth> OtherBandwidths,
    IReadOnlyList<ScreenReport.Noise> Ranking
)
{
    public sealed record Noise(
        string Family,
        string Description,
        double Dsmi,
        double Change,
        double Low,
        double High,
        string Effect,
        double? PaperChange,
        string Paper,
        bool Disagrees
    );

    public sealed record Bandwidth(double Sigma, double Change, double Low, double High);

    public static ScreenReport Of(string data, string noiseOn, string measuredOn, NoiseAdvice advice) =>
        new(
            data,
            noiseOn,
            measuredOn,
            advice.Unit,
            advice.Dsmi,
            advice.Sigma,
            advice.BandwidthRule,
            advice.Blocks,
            advice.RowsPerBlock,
            advice.TotalRows,
            advice.Confidence,
            advice.Leading is { } best ? NoiseWords.Describe(best.Noise) : null,
            advice.Describe(NoiseWords.Describe),
            advice.Notes,
            [
                .. advice.OtherBandwidths.Select(other => new Bandwidth(
                    other.Sigma,
                    other.Measured.Change,
                    other.Measured.Low,
                    other.Measured.High
                )),
            ],
            [
                .. advice.Ranking.Select(ranked => new Noise(
                    ranked.Noise.Name,
                    NoiseWords.Describe(ranked.Noise),
                    ranked.Dsmi,
                    ranked.Change,
                    ranked.Low,
                    ranked.High,
                    Word(ranked.Effect),
                    ranked.EntropyChange.Paper,
                    Word(ranked.Paper),
                    ranked.Disagrees
                )),
            ]
        );

    public void Print(Terminal terminal)
    {
        terminal.Output.WriteLine(
            FormattableString.Invariant($"{NoiseOn} of {Data}: {Dsmi:0.0000} bits about the labels in ")
                + FormattableString.Invariant($"{MeasuredOn}, without noise (mean of {Blocks} blocks of {RowsPerBlock} ")
                + FormattableString.Invariant($"training rows; sigma {Sigma:0.####}, {BandwidthRule})")
        );
        terminal.Table(
            ["noise", "change", $"{100 * Confidence:0.#} % interval", "effect", "paper", ""],
            Ranking.Select(noise =>
                (string[])
                    [
                        noise.Description,
                        Signed(noise.Change),
                        $"{Signed(noise.Low)} to {Signed(noise.High)}",
                        noise.Effect,
                        noise.Paper,
                        noise.Disagrees ? "disagree" : "",
                    ]
            )
        );
        foreach (var note in Notes)
            terminal.Output.WriteLine(note);
        terminal.Output.WriteLine($"The intervals hold simultaneously for all {Ranking.Count} noises (Bonferroni).");
        terminal.Output.WriteLine(Verdict);

        static string Signed(double bits) => FormattableString.Invariant($"{bits:+0.0000;-0.0000;0.0000}");
    }

    static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
