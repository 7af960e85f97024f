using System.Globalization;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Refuses models that read files they should not. Weights of an ONNX model may be in other files ("external data"). Their paths are part
/// of the model, and ONNX Runtime follows them. Only plain files inside the model's own folder are accepted. Absolute paths, "..",
/// symbolic links on the way, second hard links and devices are refused. The list follows ONNX's ExternalDataSecurity document.
/// </summary>
static class ExternalData
{
    /// <exception cref="InvalidDataException">A tensor of the model lies outside the model's folder, behind a link, or beyond the end of
    /// its file.</exception>
    public static void ThrowIfUnsafe(ModelProto model, string modelPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        foreach (var tensor in OnnxTensors.All(model).Where(IsExternal))
        {
            if (Refusal(tensor, folder) is { } reason)
                throw new InvalidDataException(
                    $"The ONNX file '{modelPath}' was refused: its tensor '{Printable.Of(tensor.Name)}' refers to the file "
                        + $"'{Printable.Of(Entry(tensor, "location"))}', {reason}. "
                        + "External data must be a plain file in the model's own folder."
                );
        }
    }

    /// <summary>The paths of the model's other files, each once. The model must have passed the check.</summary>
    public static IEnumerable<string> Files(ModelProto model, string modelPath) =>
        OnnxTensors
            .All(model)
            .Where(IsExternal)
            .Select(tensor => Entry(tensor, "location"))
            .Distinct()
            .Select(location => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath))!, location));

    /// <summary>Whether a tensor's values lie in another file.</summary>
    public static bool IsExternal(TensorProto tensor) =>
        tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0;

    static string? Refusal(TensorProto tensor, string folder)
    {
        var location = Entry(tensor, "location");
        if (location.Length == 0)
            return "which is not a path";
        if (location.Any(char.IsControl))
            return "which contains control characters";
        if (location[0] is '/' or '\\' || location.Contains(':', StringComparison.Ordinal))
            return "which is not relative to the model";

        var parts = location.Split('/', '\\');
        if (parts.Contains(".."))
            return "which leads out of the model's folder";
        if (parts.Any(part => part.Length == 0 || part[^1] is '.' or ' '))
            return "which is ambiguous";

        var path = folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
                return "which is reached through a symbolic link";
        }
        return !File.Exists(path) ? "which does not exist" : PlainFile.Refusal(path) ?? RangeRefusal(tensor, new FileInfo(path).Length);
    }

    static string? RangeRefusal(TensorProto tensor, long fileLength)
    {
        if (!TryReadNumber(tensor, "offset", out var offset) || !TryReadNumber(tensor, "length", out var length))
            return "with an offset or length that is not a number";
        // Without a length, the tensor has the length that its shape gives.
        length = Math.Max(length, (ModelLimits.Count(tensor.Dims) ?? 0) * ModelLimits.ElementSize(tensor));
        return offset > fileLength || length > fileLength - offset ? $"whose {fileLength} bytes end before the tensor does" : null;
    }

    static bool TryReadNumber(TensorProto tensor, string key, out long number)
    {
        number = 0;
        var text = Entry(tensor, key);
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    static string Entry(TensorProto tensor, string key) => tensor.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value ?? "";
}
