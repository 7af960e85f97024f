namespace NoisyNN.Models.Rows;

/// <summary>Which columns of a view a <see cref="RowStore"/> reads, what it asks of them, and where the rows may lie.</summary>
public sealed record RowStoreOptions
{
    /// <summary>What the rows are for, such as "training" or "test": messages about a row name it.</summary>
    public string Role { get; init; } = "input";

    /// <summary>A <c>Vector&lt;Single&gt;</c> of known size.</summary>
    public string FeatureColumnName { get; init; } = "Pixels";

    /// <summary>The shape that the column must have, such as [C, H, W]; null for any.</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>The column of class names, as text or as a key with key values; null for rows without labels.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>The names of the classes, in the order of their indexes. A row of another class is refused.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether a value that is not within 0..255 is refused; otherwise every finite number is taken.</summary>
    public bool RequiresPixels { get; init; }

    /// <summary>The most bytes of rows in memory; the others lie in a temporary file.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>Where that file is made; null for the system's folder for such files.</summary>
    public string? Folder { get; init; }

    /// <summary>Stops the reading.</summary>
    public CancellationToken CancellationToken { get; init; }
}
