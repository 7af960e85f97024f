namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>The names of the inputs and outputs that the files of several networks share.</summary>
public static class TensorNames
{
    /// <summary>The input of a network that takes images: raw pixels [N, C, H, W] in 0..255.</summary>
    public const string Pixels = "Pixels";

    /// <summary>The class probabilities, [N, classes].</summary>
    public const string Score = "Score";

    /// <summary>The logits, [N, classes].</summary>
    public const string Logits = "Logits";

    /// <summary>The input of the head, [N, D].</summary>
    public const string Features = "Features";

    /// <summary>The open length of a batch.</summary>
    internal const string Batch = "N";
}
