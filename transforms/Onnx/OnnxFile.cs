using Google.Protobuf;

namespace NoisyNN.Transforms.Onnx;

/// <summary>Reads ONNX files. They may come from anywhere, so they are not trusted.</summary>
static class OnnxFile
{
    /// <summary>
    /// The model in the file. It has passed the checks that must come before ONNX Runtime: the place of its external data, and the size
    /// that it expands to.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is cut short, damaged, not ONNX, larger than the format allows, or refused as
    /// unsafe.</exception>
    public static ModelProto Read(string path)
    {
        var model = ReadUnchecked(path);
        ExternalData.ThrowIfUnsafe(model, path);
        ModelLimits.ThrowIfExceeded(model, path);
        return model;
    }

    /// <summary>The files that a model consists of: its own, and those of its weights.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The model is not readable, or refused as unsafe.</exception>
    public static IReadOnlyList<string> Parts(string path) => [path, .. ExternalData.Files(Read(path), path)];

    static ModelProto ReadUnchecked(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"The ONNX file '{path}' does not exist.", path);
        if (file.Length > int.MaxValue)
            throw new InvalidDataException(
                $"'{path}' has {file.Length} bytes, but an ONNX file ends at 2 GiB; larger networks keep their weights in external data."
            );

        var model = Parse(path);
        if (model.Graph is null || model.Graph.Output.Count == 0 || (model.OpsetImport.Count == 0 && model.IrVersion >= 3))
            throw NotOnnx(path, "it has no graph with outputs");
        return model;
    }

    static ModelProto Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException exception)
        {
            // Covers truncation, stray bytes and nesting beyond the parser's limit of 100 levels.
            throw NotOnnx(path, "it is cut short, damaged or of another format", exception);
        }
    }

    static InvalidDataException NotOnnx(string path, string reason, Exception? cause = null) =>
        new($"'{path}' is not a readable ONNX file: {reason}. Export or copy it again.", cause);
}
