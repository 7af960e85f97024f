using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>Under which names files keep a network's arrays, and which arrays of a file can be changed to fit.</summary>
public sealed record WeightLayout
{
    /// <summary>Whose names the network's own are, such as "timm"; for reports.</summary>
    public string Names { get; init; } = "NoisyNN";

    /// <summary>What the network's names begin with and those of files do not; empty where they are the same.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What the names of the head's arrays begin with. A head for another number of classes is left as it was.</summary>
    public string Head { get; init; } = "head.";

    /// <summary>The weight of the first convolution, whose colours are summed for a grey network; null for none.</summary>
    public string? FirstConvolution { get; init; }

    /// <summary>Other names under which files keep the same arrays.</summary>
    public IReadOnlyList<ForeignWeightNames> Foreign { get; init; } = [];

    /// <summary>
    /// Changes a file's array of another shape so that it fits: the array's name, the file's array, the network's array. Null where there
    /// is no honest way.
    /// </summary>
    public Func<string, Tensor, Tensor, AdaptedWeight?> Adapt { get; init; } = (_, _, _) => null;

    /// <summary>A name of the network's without <see cref="Prefix"/>.</summary>
    internal string WithoutPrefix(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}

/// <summary>A file's array that was changed to fit.</summary>
/// <param name="Value">The array as the network takes it.</param>
/// <param name="Change">What was changed, for reports.</param>
public sealed record AdaptedWeight(Tensor Value, string Change);

/// <summary>The names that another library has for a network's arrays.</summary>
/// <param name="Source">The library.</param>
/// <param name="Mark">A part of a name that only this library's files have.</param>
/// <param name="Prefix">What some of its files put before all names.</param>
/// <param name="Table">Ours and theirs, without ".weight" and ".bias"; # is a block's number. Several of theirs are one of ours, one below
/// the other.</param>
public sealed record ForeignWeightNames(
    string Source,
    string Mark,
    string Prefix,
    IReadOnlyList<(string Ours, IReadOnlyList<string> Theirs)> Table
);
