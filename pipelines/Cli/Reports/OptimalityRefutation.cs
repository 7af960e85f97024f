using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Entropy.Analytic;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>
/// Prints mixings that meet the conditions of the paper's theorem and exceed the change of the mixing that it calls optimal.
/// </summary>
static class OptimalityRefutation
{
    /// <summary>The own weights that are shown by default.</summary>
    static readonly double[] s_ownWeights = [0.5, 0.1, 0.01, 0.001];

    public static void Print(Terminal terminal, int size, double[] ownWeights, bool json)
    {
        var claimed = OptimalityCounterexample.ClaimedOptimum(size);
        double[] weights = ownWeights.Length > 0 ? ownWeights : [.. s_ownWeights.Append(claimed.OwnWeight).OrderDescending().Distinct()];
        OptimalityCounterexample[] examples = [.. weights.Select(weight => new OptimalityCounterexample(size, weight))];
        if (json)
        {
            Json.Write(
                terminal.Output,
                new
                {
                    Size = size,
                    ClaimedOwnWeight = claimed.OwnWeight,
                    claimed.ClaimedMaximum,
                    Unit = claimed.Change.Unit,
                    Limit = "infinite as ownWeight falls to 0",
                    Examples = examples.Select(example => new
                    {
                        example.OwnWeight,
                        example.Paper,
                        example.Change.Conditional,
                        example.ConditionNumber,
                        example.RefutesTheorem,
                    }),
                    Verdict = OptimalityCounterexample.Statement,
                }
            );
            return;
        }

        terminal.Output.WriteLine(
            FormattableString.Invariant($"mixings aI + (1-a)/{size} 11ᵀ; the claimed optimum is a = 1/{size + 1} with a change of ")
                + FormattableString.Invariant($"{claimed.ClaimedMaximum:0.######} {claimed.Change.Unit}:")
        );
        terminal.Table(
            ["a", "paper", "consistent", "condition number"],
            examples.Select(example =>
                (string[])
                    [
                        FormattableString.Invariant($"{example.OwnWeight:0.######}"),
                        FormattableString.Invariant($"{example.Paper:0.######}"),
                        "0",
                        FormattableString.Invariant($"{example.ConditionNumber:0.###}"),
                    ]
            )
        );
        terminal.Output.WriteLine(OptimalityCounterexample.Statement);
    }
}
