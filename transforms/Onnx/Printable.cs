namespace NoisyNN.Transforms.Onnx;

/// <summary>What a stranger wrote goes to terminals and logs only without control characters and only so long.</summary>
internal static class Printable
{
    public static string Of(string text) => new([.. text.Take(120).Select(character => char.IsControl(character) ? '?' : character)]);
}
