using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>The names of a network's arrays in files, and the arrays of a file that can be changed to fit.</summary>
public sealed record WeightLayout
{
    /// <summary>The library whose names the network uses, such as "timm"; for reports.</summary>
    public string Names { get; init; } = "NoisyNN";

    /// <summary>The prefix that the network's names have and those of files lack; empty if they are the same.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The prefix of the names of the head's arrays. A head for another number of classes keeps its initial values.</summary>
    public string Head { get; init; } = "head.";

    /// <summary>The weight of the first convolution, whose colours are summed for a grey network; null for none.</summary>
    public string? FirstConvolution { get; init; }

    /// <summary>Other names under which files keep the same arrays.</summary>
    public IReadOnlyList<ForeignWeightNames> Foreign { get; init; } = [];

    /// <summary>
    /// Changes a file's array of another shape so that it fits. It takes the array's name, the file's array and the network's array. It
    /// returns null if there is no sound way.
    /// </summary>
    public Func<string, Tensor, Tensor, AdaptedWeight?> Adapt { get; init; } = (_, _, _) => null;

    /// <summary>A name of the network's without <see cref="Prefix"/>.</summary>
    internal string WithoutPrefix(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}

/// <summary>A file's array that was changed to fit.</summary>
/// <param name="Value">The array that fits the network.</param>
/// <param name="Change">A description of the change, for reports.</param>
public sealed record AdaptedWeight(Tensor Value, string Change);

/// <summary>The names of a network's arrays in another library.</summary>
/// <param name="Source">The library.</param>
/// <param name="Mark">A part of a name that only this library's files have.</param>
/// <param name="Prefix">The prefix of all names in some of its files.</param>
/// <param name="Table">Our names and theirs, without ".weight" and ".bias"; # is a block's number. If there are several of theirs, they are
/// stacked to one of ours.</param>
public sealed record ForeignWeightNames(
    string Source,
    string Mark,
    string Prefix,
    IReadOnlyList<(string Ours, IReadOnlyList<string> Theirs)> Table
);
