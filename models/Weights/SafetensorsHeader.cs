using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Weights;

/// <summary>A tensor as a header describes it: its type, its shape, and the place of its bytes after the header.</summary>
sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file, a JSON object. Reading trusts nothing: sizes, offsets, gaps, overlaps and duplicate names are checked
/// against the file's length before anything is allocated for a tensor.
/// </summary>
static class SafetensorsHeader
{
    const long LargestHeader = 100_000_000;
    const string MetadataKey = "__metadata__";

    // The names of the format, except those of types that torch lacks.
    static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new()
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["I16"] = (ScalarType.Int16, 2),
        ["I8"] = (ScalarType.Int8, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["BOOL"] = (ScalarType.Bool, 1),
    };

    public static byte[] Write(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (name, value) in metadata)
                    json.WriteString(name, value);
                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                var (type, size) = Types.FirstOrDefault(entry => entry.Value.Type == tensor.dtype) is { Key: { } key } entry
                    ? (key, entry.Value.Size)
                    : throw new NotSupportedException(
                        $"The tensor '{name}' has the type {tensor.dtype}, which safetensors has no name for."
                    );
                var end = offset + tensor.NumberOfElements * size;
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var extent in tensor.shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }

        // Padded with spaces to a multiple of 8, so that the tensors are aligned in a mapped file.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    /// <summary>The tensors in the order of their bytes, which follow one another from the header's end to the file's end.</summary>
    public static List<SafetensorsEntry> Read(FileStream stream, string path, out IReadOnlyDictionary<string, string> metadata)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        if (stream.Length < lengthBytes.Length)
            throw Refuse(path, $"it has {stream.Length} bytes, too few for a header");
        stream.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > LargestHeader)
            throw Refuse(path, $"its header claims {length} bytes; at most {LargestHeader} are allowed");
        if ((long)length > stream.Length - lengthBytes.Length)
            throw Refuse(path, $"its header claims {length} bytes, but only {stream.Length - lengthBytes.Length} follow");

        var header = new byte[length];
        stream.ReadExactly(header);
        if (header is not [(byte)'{', ..])
            throw Refuse(path, "its header does not begin with '{'");

        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            metadata = ReadMetadata(document.RootElement, path);
            return ReadEntries(document.RootElement, path, present: stream.Length - lengthBytes.Length - (long)length);
        }
        catch (JsonException exception)
        {
            throw Refuse(path, $"its header is not valid JSON ({exception.Message})");
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half a surrogate pair: they show only when the text is read.
            throw Refuse(path, "its header holds text that is not Unicode");
        }
    }

    static List<SafetensorsEntry> ReadEntries(JsonElement root, string path, long present)
    {
        var entries = root.EnumerateObject()
            .Where(property => property.Name != MetadataKey)
            .Select(property => ReadEntry(property, path))
            .OrderBy(entry => entry.Begin)
            .ThenBy(entry => entry.End)
            .ToList();

        var offset = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != offset)
                throw Refuse(
                    path,
                    $"the tensor '{entry.Name}' begins at {entry.Begin} where {offset} was due: "
                        + $"{(entry.Begin < offset ? "tensors overlap" : "there is a hole")}"
                );
            offset = entry.End;
        }
        return offset == present ? entries : throw Refuse(path, $"its tensors take {offset} bytes, but {present} follow the header");
    }

    static Dictionary<string, string> ReadMetadata(JsonElement root, string path)
    {
        var metadata = new Dictionary<string, string>();
        if (!root.TryGetProperty(MetadataKey, out var element))
            return metadata;
        if (element.ValueKind != JsonValueKind.Object)
            throw Refuse(path, $"its {MetadataKey} is not an object");
        foreach (var property in element.EnumerateObject())
            metadata[property.Name] =
                property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : throw Refuse(path, $"its metadata '{property.Name}' is not text");
        return metadata;
    }

    static SafetensorsEntry ReadEntry(JsonProperty property, string path)
    {
        var name = property.Name;
        var value = property.Value;
        if (
            value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Count() != 3
            || !value.TryGetProperty("dtype", out var dtype)
            || !value.TryGetProperty("shape", out var shape)
            || !value.TryGetProperty("data_offsets", out var offsets)
        )
            throw Refuse(path, $"the tensor '{name}' is not described by dtype, shape and data_offsets");
        if (dtype.ValueKind != JsonValueKind.String || !Types.TryGetValue(dtype.GetString()!, out var type))
            throw Refuse(
                path,
                $"the tensor '{name}' has the dtype {dtype.GetRawText()}, and only {string.Join(", ", Types.Keys)} can be read; write it as "
                    + "one of them, or leave it out"
            );

        var extents = Integers(shape, name, path);
        if (Integers(offsets, name, path) is not [var begin, var end] || begin > end)
            throw Refuse(path, $"the tensor '{name}' has the offsets {offsets.GetRawText()}");
        try
        {
            var bytes = extents.Aggregate((long)type.Size, (product, extent) => checked(product * extent));
            if (bytes != end - begin)
                throw Refuse(
                    path,
                    $"the tensor '{name}' of shape {shape.GetRawText()} needs {bytes} bytes, but its offsets span {end - begin}"
                );
            if (bytes > int.MaxValue)
                throw Refuse(path, $"the tensor '{name}' of shape {shape.GetRawText()} has {bytes} bytes; at most {int.MaxValue} are read");
        }
        catch (OverflowException)
        {
            throw Refuse(path, $"the tensor '{name}' of shape {shape.GetRawText()} is too large");
        }
        return new SafetensorsEntry(name, type.Type, extents, begin, end);
    }

    static long[] Integers(JsonElement element, string name, string path)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Refuse(path, $"the tensor '{name}' has {element.GetRawText()} in place of a list of numbers");
        return
        [
            .. element
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                        ? number
                        : throw Refuse(path, $"the tensor '{name}' has {item.GetRawText()} in place of a whole number of at least 0")
                ),
        ];
    }

    static InvalidDataException Refuse(string path, string reason) => new($"'{path}' is not a usable safetensors file: {reason}.");
}
