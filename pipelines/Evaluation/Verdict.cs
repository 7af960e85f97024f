using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>Puts what the protocol found into words.</summary>
static class Verdict
{
    public static string Of(ProtocolResult result)
    {
        if (!result.CleanInvariance.Passed)
            return "Even without noise a prediction depends on the rest of its batch (a logit changes by up to "
                + $"{Number(result.CleanInvariance.LargestChange)}): "
                + "no figure of this classifier is a property of an image.";
        if (result.Invariance.Passed)
            return "Each prediction depends on its own row alone: whatever the neighbours, no logit changes by more "
                + $"than {Number(result.Invariance.LargestChange)}. {Alone(result)}";
        return result.IsTransductive ? Transductive(result) : Random(result);
    }

    static string Transductive(ProtocolResult result)
    {
        if (Leak(result) is { } leak)
            return (
                    leak.Value > 0
                        ? "The gain is an artefact of class-sorted batches: "
                        : "The order of the test rows decides, against class-sorted batches: "
                )
                + $"at batch {leak.Batch} the leak index is {Describe(leak, result)}. {Capital(result.Noise)} noise changes accuracy by "
                + $"{Points(result.Gain(ProtocolResult.Sorted, leak.Batch).Value)} in class-sorted order, by "
                + $"{Points(result.Gain(ProtocolResult.Shuffled, leak.Batch).Value)} when the same rows are shuffled, and by "
                + $"{Points(result.Gain(ProtocolResult.Sorted, 1).Value)} one row at a time.";
        var reason = result.LeakIndexes.Any(index => index.Interval is null)
            ? "too few batches of these rows differ to say whether accuracy changes with their order"
            : "no leak index differs significantly from 0 on these rows";
        return $"A prediction depends on the rest of its batch (a logit changes by up to {Number(result.Invariance.LargestChange)}); {reason}. "
            + "Only the noise-off figure describes the classifier.";
    }

    static string Random(ProtocolResult result)
    {
        var order = Leak(result) is { } leak
            ? $"Yet order matters: at batch {leak.Batch} the leak index is {Describe(leak, result)}."
            : "The order of the rows makes no significant difference.";
        return $"The noise draws anew on every call (the same row alone changes by {Number(result.Repeatability)}), so "
            + $"that invariance cannot be read off the logits. {order} {Alone(result)}";
    }

    static string Alone(ProtocolResult result)
    {
        var gain = result.Gain(ProtocolResult.Sorted, 1);
        var effect =
            gain.IsGain ? "gains"
            : gain.IsLoss ? "costs"
            : "makes no significant difference";
        var amount = $"{Points(gain.Value)}, 95 % interval {Range(gain.Interval!.Value)}";
        return gain.IsGain || gain.IsLoss
            ? $"With {result.Noise} noise at inference accuracy changes for real: it {effect} ({amount})."
            : $"{Capital(result.Noise)} noise at inference {effect} ({amount}).";
    }

    /// <summary>The largest leak index that is shown. It alone decides; the gains beside it explain.</summary>
    static LeakIndex? Leak(ProtocolResult result) => result.LeakIndexes.Where(leak => leak.IsShown).MaxBy(leak => Math.Abs(leak.Value));

    static string Describe(LeakIndex leak, ProtocolResult result) =>
        $"{Points(leak.Value)} (95 % interval {Range(leak.Interval!.Value)}"
        + (result.LeakIndexes.Count > 1 ? $", corrected for {result.LeakIndexes.Count} batch sizes)" : ")");

    static string Points(double share) => $"{Signed(share)} points";

    static string Range(Interval interval) => $"{Signed(interval.Low)} to {Signed(interval.High)}";

    static string Signed(double share) => (100 * share).ToString("+0.0;-0.0;0.0");

    static string Number(double value) => value == 0 ? "0" : value.ToString("0.#e-0");

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
