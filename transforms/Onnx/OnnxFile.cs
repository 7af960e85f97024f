using Google.Protobuf;

namespace NoisyNN.Transforms.Onnx;

/// <summary>Reads ONNX files, which may come from anywhere and are not trusted.</summary>
internal static class OnnxFile
{
    /// <summary>The model in the file, for inspection: fields that the message definition leaves out are dropped.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is cut short, damaged, not ONNX, or larger than the format allows.</exception>
    public static ModelProto Read(string path) => Read(path, keepUnknown: false);

    /// <summary>The model in the file, to be written again: with every field, known here or not.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static ModelProto ReadWhole(string path) => Read(path, keepUnknown: true);

    private static ModelProto Read(string path, bool keepUnknown)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"The ONNX file '{path}' does not exist.", path);
        if (file.Length > int.MaxValue)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes, but an ONNX file ends at 2 GiB; larger networks keep their weights in external data.");

        var model = Parse(path, keepUnknown);
        if (model.Graph is null || model.Graph.Output.Count == 0 || (model.OpsetImport.Count == 0 && model.IrVersion >= 3))
            throw NotOnnx(path, "it has no graph with outputs");
        return model;
    }

    private static ModelProto Parse(string path, bool keepUnknown)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return ModelProto.Parser.WithDiscardUnknownFields(!keepUnknown).ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException exception)
        {
            // Covers truncation, stray bytes and nesting beyond the parser's limit of 100 levels.
            throw NotOnnx(path, "it is cut short, damaged or of another format", exception);
        }
    }

    private static InvalidDataException NotOnnx(string path, string reason, Exception? cause = null) =>
        new($"'{path}' is not a readable ONNX file: {reason}. Export or copy it again.", cause);
}
