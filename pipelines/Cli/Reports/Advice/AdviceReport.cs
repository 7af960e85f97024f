using System.Globalization;
using NoisyNN.Pipelines.Advising;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Cli.Reports.Advice;

/// <summary>The advice as words and figures. Gains and effects are fractions.</summary>
sealed record AdviceReport(
    string Data,
    int TrainingRows,
    int ChoosingRows,
    int ConfirmingRows,
    string Network,
    int Trainings,
    double Seconds,
    string? Advised,
    string? Yaml,
    IReadOnlyList<AdviceReport.Judged> Confirmed,
    IReadOnlyList<AdviceReport.Tried> Screened,
    IReadOnlyList<AdviceReport.Refused> Collapsed,
    IReadOnlyList<string> Untried
)
{
    public sealed record Judged(string Noise, Effect NoiseOff, Effect? OnAtBoth);

    public sealed record Tried(string Noise, double Gain, int Seeds);

    public sealed record Refused(string Noise, double RankRatio);

    public static AdviceReport Of(
        TrialRows rows,
        string network,
        SearchResult result,
        IEnumerable<KeyValuePair<NoiseDefinition, double>> collapsed
    ) =>
        new(
            rows.Name,
            rows.Training.Count,
            rows.Choosing.Count,
            rows.Confirming.Count,
            network,
            result.Trainings,
            result.Seconds,
            result.Advised is { } best ? NoiseWords.Describe(best.Noise) : null,
            result.Advised is { } advised ? YamlOf(advised.Noise) : null,
            [.. result.Judged.Select(noise => new Judged(NoiseWords.Describe(noise.Noise), noise.Off, noise.OnAtBoth))],
            [
                .. result
                    .Tried.OrderByDescending(noise => noise.Gain)
                    .Select(noise => new Tried(NoiseWords.Describe(noise.Noise), noise.Gain, noise.Seeds)),
            ],
            [.. collapsed.Select(pair => new Refused(NoiseWords.Describe(pair.Key), pair.Value))],
            [.. result.Untried.Select(NoiseWords.Describe)]
        );

    public void Print(Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine(
            FormattableString.Invariant($"{Data}: {Trainings} trainings of a {Network} on {TrainingRows:N0} rows, ")
                + $"{Terminal.Duration(Seconds)}; {ChoosingRows} validation rows choose, {ConfirmingRows} confirm"
        );
        if (Screened.Count > 0)
            terminal.Table(
                ["noise", "gain, points", "seeds"],
                Screened.Select(noise => (string[])[noise.Noise, Points(noise.Gain), $"{noise.Seeds}"])
            );
        foreach (var noise in Collapsed)
            output.WriteLine(
                FormattableString.Invariant(
                    $"not trained: {noise.Noise} collapses the rows; their effective rank falls to {100 * noise.RankRatio:0} %"
                )
            );
        if (Untried.Count > 0)
            output.WriteLine($"no time for {string.Join("; ", Untried)}. Give more --minutes.");
        foreach (var noise in Confirmed)
        {
            output.WriteLine(
                $"{noise.Noise} minus vanilla, {noise.NoiseOff.Count} new seeds, noise off: {Points(noise.NoiseOff.Mean)} points. "
                    + EffectText.Describe(noise.NoiseOff, "seeds", isBound: false)
            );
            if (noise.OnAtBoth is { } both)
                output.WriteLine(
                    $"  with the map as a fixed layer in training and test: {Points(both.Mean)} points. "
                        + EffectText.Describe(both, "seeds", isBound: false)
                );
        }
        if (Advised is null)
        {
            output.WriteLine("Advised: none. No noise helped on rows that had chosen nothing. Train without noise.");
            return;
        }
        output.WriteLine($"Advised: {Advised}. In an experiment file:");
        output.WriteLine(Yaml);
    }

    /// <summary>The noise as the section of an experiment file.</summary>
    static string YamlOf(NoiseDefinition noise) =>
        "noise:\n"
        + string.Join(
            '\n',
            RecordWriter.Write(new NoiseSection(Input: new InputNoiseSection(noise))).TrimEnd().Split('\n').Select(line => $"  {line}")
        );

    static string Points(double share) => (100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
