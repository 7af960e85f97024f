using System.Globalization;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>How the result of a claim is written.</summary>
public static class ClaimWords
{
    /// <summary>"supported", "refuted", "open" or "not run"; a verdict of the quick form says so.</summary>
    public static string Verdict(ClaimResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Verdict is { } verdict
            ? $"{verdict.ToString().ToLowerInvariant()}{(result.Form == "quick" ? " (quick form)" : "")}"
            : "not run";
    }

    /// <summary>The effect that decides, with its interval: "+0.42 (+0.11 to +0.73) points"; empty without a verdict.</summary>
    public static string Figure(ClaimResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Figure is { } figure)
            return FormattableString.Invariant($"{figure:0.####} {result.Unit}").TrimEnd();
        if (result.Effects is not { Count: > 0 } effects)
            return "";
        var (unit, scale) = (Unit(result), IsFraction(result) ? 100 : 1);
        var deciding = Deciding(effects);
        return $"{Signed(deciding.Effect.Mean)}{Range(deciding.Effect.Interval)} {unit}{(effects.Count > 1 ? $", {deciding.Name}" : "")}";

        string Range(Interval? interval) => interval is { } range ? $" ({Signed(range.Low)} to {Signed(range.High)})" : "";

        string Signed(double value) => (scale * value).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>The unit of the effects, for people: "points", "nats" or "bits".</summary>
    internal static string Unit(ClaimResult result) => IsFraction(result) ? "points" : result.Unit ?? "";

    internal static bool IsFraction(ClaimResult result) => result.Unit == "fraction";

    /// <summary>Of several effects the one with the largest difference.</summary>
    static ClaimEffect Deciding(IReadOnlyList<ClaimEffect> effects) => effects.MaxBy(effect => Math.Abs(effect.Effect.Mean))!;
}
