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
        var batches = result.LeakIndexes.Select(leak => leak.Batch).ToList();
        var artefacts = batches
            .Where(batch => result.Gain(ProtocolResult.Sorted, batch).IsGain && !result.Gain(ProtocolResult.Shuffled, batch).IsGain)
            .ToList();
        if (artefacts.Count > 0)
        {
            var batch = artefacts.MaxBy(size => result.Gain(ProtocolResult.Sorted, size).Value);
            return $"The gain is an artefact of class-sorted batches: at batch {batch} {result.Noise} noise changes accuracy by "
                + $"{Points(result.Gain(ProtocolResult.Sorted, batch).Value)} in class-sorted order, by "
                + $"{Points(result.Gain(ProtocolResult.Shuffled, batch).Value)} "
                + $"when the same rows are shuffled, and by {Points(result.Gain(ProtocolResult.Sorted, 1).Value)} one row at a time.";
        }
        if (Leak(result) is { } leak)
            return $"The order of the test rows decides: at batch {leak.Batch} class-sorted order is {Describe(leak)} "
                + "ahead of shuffled order, "
                + $"and a logit changes by up to {Number(result.Invariance.LargestChange)} with its neighbours. Only "
                + "the noise-off figure describes the classifier.";
        return $"A prediction depends on the rest of its batch (a logit changes by up to {Number(result.Invariance.LargestChange)}), "
            + "although accuracy does not change significantly with the order of these rows. Only the noise-off figure "
            + "describes the classifier.";
    }

    static string Random(ProtocolResult result)
    {
        var order = Leak(result) is { } leak
            ? $"Yet order matters: at batch {leak.Batch} class-sorted order is {Describe(leak)} ahead of shuffled order."
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
        var amount = $"{Points(gain.Value)}, 95 % interval {Range(gain.Interval)}";
        return gain.IsGain || gain.IsLoss
            ? $"With {result.Noise} noise at inference accuracy changes for real: it {effect} ({amount})."
            : $"{Capital(result.Noise)} noise at inference {effect} ({amount}).";
    }

    static LeakIndex? Leak(ProtocolResult result) =>
        result.LeakIndexes.Where(leak => !leak.Interval.Contains(0)).MaxBy(leak => Math.Abs(leak.Value));

    static string Describe(LeakIndex leak) => $"{Points(leak.Value)} (95 % interval {Range(leak.Interval)})";

    static string Points(double share) => $"{Signed(share)} points";

    static string Range(Interval interval) => $"{Signed(interval.Low)} to {Signed(interval.High)}";

    static string Signed(double share) => (100 * share).ToString("+0.0;-0.0;0.0");

    static string Number(double value) => value == 0 ? "0" : value.ToString("0.#e-0");

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
