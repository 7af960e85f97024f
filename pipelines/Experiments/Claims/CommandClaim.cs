using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>A claim that no training settles: a command of this program prints the figure.</summary>
/// <param name="Name">The name of the claim.</param>
/// <param name="Claim">The claim in one sentence.</param>
/// <param name="Source">Where the claim is made.</param>
/// <param name="Command">The arguments of the command, which prints JSON.</param>
/// <param name="Figure">The path of the figure in the JSON, such as <c>sizes.0.ratio</c>.</param>
/// <param name="Expected">The result that was expected before the first run, and why.</param>
/// <param name="Minutes">The budget on two processors.</param>
/// <param name="Minus">The path of a figure to subtract; null for none.</param>
/// <param name="Margin">Without an interval: a figure that is nearer to a limit leaves the claim open.</param>
/// <param name="Low">The path of the lower end of its interval; null if the figure is exact.</param>
/// <param name="High">The path of the upper end.</param>
/// <param name="AtLeast">The claim holds for figures from here.</param>
/// <param name="AtMost">The claim holds for figures up to here.</param>
/// <param name="Unit">The unit of the figure, for people.</param>
public sealed record CommandClaim(
    string Name,
    string Claim,
    string Source,
    IReadOnlyList<string> Command,
    string Figure,
    string Expected,
    [Range(1, 100_000)] int Minutes,
    string? Minus = null,
    [Range(0, double.MaxValue)] double Margin = 0,
    string? Low = null,
    string? High = null,
    double? AtLeast = null,
    double? AtMost = null,
    string? Unit = null
)
{
    /// <inheritdoc cref="CommandClaim"/>
    public double? AtLeast { get; } =
        AtLeast is null && AtMost is null
            ? throw new ArgumentException("give 'atLeast' or 'atMost', or both: the figures for which the claim holds", nameof(AtLeast))
            : AtLeast;

    /// <summary>The verdict: by the whole interval, where there is one.</summary>
    internal ClaimVerdict Judge(double low, double high) =>
        low >= (AtLeast ?? double.NegativeInfinity) && high <= (AtMost ?? double.PositiveInfinity) ? ClaimVerdict.Supported
        : high < AtLeast || low > AtMost ? ClaimVerdict.Refuted
        : ClaimVerdict.Open;

    /// <summary>The rule in words.</summary>
    internal string Rule
    {
        get
        {
            string?[] limits =
            [
                AtLeast is { } least ? FormattableString.Invariant($"at least {least}") : null,
                AtMost is { } most ? FormattableString.Invariant($"at most {most}") : null,
            ];
            var subject =
                Low is not null ? "the whole interval"
                : Margin > 0 ? FormattableString.Invariant($"the figure ± {Margin}")
                : "the figure";
            return $"supported if {subject} is {string.Join(" and ", limits.OfType<string>())}; refuted if none of it is, else open";
        }
    }
}
