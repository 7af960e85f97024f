using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Weights;

/// <summary>
/// The safetensors format: a length (64 bits, little-endian), a JSON header of at most 100 MB, and the tensors' bytes without gaps. Nothing
/// in such a file is executed, and nothing is allocated before the header is known to agree with the file's length.
/// </summary>
public static class Safetensors
{
    /// <summary>Writes tensors, on any device, in the given order.</summary>
    public static void Write(
        Stream stream,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = SafetensorsHeader.Write(tensors, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>Reads all tensors of a file into the CPU's memory; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">The file is incomplete, or its header does not describe it exactly; the message names the
    /// file.</exception>
    public static Dictionary<string, Tensor> Read(string path) => Read(path, out _);

    /// <inheritdoc cref="Read(string)"/>
    public static Dictionary<string, Tensor> Read(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        var entries = SafetensorsHeader.Read(stream, path, out metadata);
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in entries)
            {
                var tensor = empty(entry.Shape, entry.Type).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                stream.ReadExactly(tensor.bytes);
            }
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }
}
