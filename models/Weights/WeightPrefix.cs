namespace NoisyNN.Models.Weights;

/// <summary>What programs put before the names of a network's arrays when they write it as a part of something else.</summary>
static class WeightPrefix
{
    // DataParallel, Lightning, torch.compile, libraries of backbones, Hugging Face's DeiT.
    static readonly string[] s_known = ["module.", "model.", "_orig_mod.", "backbone.", "deit."];

    // The head often stands beside the network that it was added to.
    static readonly string[] s_heads = ["head.", "fc.", "classifier."];

    /// <summary>The arrays without the prefixes that all names have, or all but those of a head.</summary>
    public static Dictionary<string, T> Remove<T>(Dictionary<string, T> arrays)
    {
        while (s_known.FirstOrDefault(prefix => IsBeforeAll(prefix, arrays.Keys)) is { } found)
            arrays = arrays.ToDictionary(array => Without(found, array.Key), array => array.Value, StringComparer.Ordinal);
        return arrays;
    }

    static bool IsBeforeAll<T>(string prefix, Dictionary<string, T>.KeyCollection names) =>
        names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))
        && names.All(name => name.StartsWith(prefix, StringComparison.Ordinal) || IsHeads(name))
        && names.Select(name => Without(prefix, name)).Distinct(StringComparer.Ordinal).Count() == names.Count;

    static bool IsHeads(string name) => s_heads.Any(head => name.StartsWith(head, StringComparison.Ordinal));

    static string Without(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
}
