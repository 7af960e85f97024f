namespace NoisyNN.Models.Weights;

/// <summary>What happened to each array when a network took its weights from a file.</summary>
public sealed record PretrainedReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The library whose names the file has, such as "timm", "Hugging Face" or "torchvision".</summary>
    public required string Names { get; init; }

    /// <summary>The network's arrays that have the file's values.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>The loaded arrays that were changed to fit, with the change.</summary>
    public required IReadOnlyList<string> Adapted { get; init; }

    /// <summary>The file's arrays that were not used, with the reason.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>The network's arrays that kept their initial values, because the file has nothing for them.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>"152 of 154 arrays from vit.safetensors (timm names); 1 array of the file not used"</summary>
    public string Coverage =>
        $"{Loaded.Count} of {Loaded.Count + Missing.Count} arrays from {System.IO.Path.GetFileName(Path)} ({Names} names)"
        + (Skipped.Count > 0 ? $"; {Skipped.Count} array{(Skipped.Count == 1 ? "" : "s")} of the file not used" : "");

    /// <summary>All names: those that were changed, skipped and missing.</summary>
    public override string ToString()
    {
        return $"'{Path}' ({Names} names): {Loaded.Count} arrays "
            + $"loaded{List("; adapted", Adapted)}{List("; skipped", Skipped)}{List("; missing", Missing)}.";

        static string List(string what, IReadOnlyList<string> entries) => entries.Count == 0 ? "" : $"{what} {string.Join(", ", entries)}";
    }
}
