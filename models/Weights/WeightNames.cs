using System.Text.RegularExpressions;
using NoisyNN.Models.Networks;

namespace NoisyNN.Models.Weights;

/// <summary>The names of a network's arrays in a file.</summary>
/// <param name="layout">The network's own names.</param>
/// <param name="foreign">The other names that the file has; null for the network's own.</param>
sealed partial class WeightNames(WeightLayout layout, ForeignWeightNames? foreign)
{
    /// <summary>The library that the names come from.</summary>
    public string Source => foreign?.Source ?? layout.Names;

    /// <summary>Finds the names that the arrays of a file have.</summary>
    public static WeightNames Of(WeightLayout layout, IReadOnlyCollection<string> names) =>
        new(layout, layout.Foreign.FirstOrDefault(foreign => names.Any(name => name.Contains(foreign.Mark, StringComparison.Ordinal))));

    /// <summary>
    /// The file's names for one array of the network, whose arrays are to be stacked; null if the file lacks one of them.
    /// </summary>
    public IReadOnlyList<string>? Find(string name, IReadOnlyCollection<string> names)
    {
        var number = BlockNumber().Match(name).Value;
        var pattern = BlockNumber().Replace(name, "#");
        string[] theirs =
            foreign
                ?.Table.Where(entry => pattern == entry.Ours || pattern.StartsWith(entry.Ours + '.', StringComparison.Ordinal))
                .Select(entry =>
                    entry
                        .Theirs.Select(stem => stem.Replace("#", number, StringComparison.Ordinal) + pattern[entry.Ours.Length..])
                        .ToArray()
                )
                .FirstOrDefault()
            ?? [name];
        List<string> found = [.. theirs.SelectMany(their => new[] { their, foreign?.Prefix + their }.Where(names.Contains).Take(1))];
        return found.Count > 0 && found.Count == theirs.Length ? found : null;
    }

    [GeneratedRegex(@"(?<=^blocks\.)\d+(?=\.)")]
    private static partial Regex BlockNumber();
}
