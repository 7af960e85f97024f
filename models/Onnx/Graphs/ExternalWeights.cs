using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// The file beside a model that holds its large arrays. It is named by its content, <c>model.onnx.0123456789ab.data</c>, so that new
/// weights never take the name that the model in use reads: at every moment, and after a kill at any, the model that is there has its own.
/// </summary>
static partial class ExternalWeights
{
    // Smaller tensors stay in the model: shapes and constants, which readers want to see at once.
    const int SmallestLength = 1024;

    // The format's document recommends offsets that memory pages can be mapped at.
    const int Alignment = 4096;

    /// <summary>Where a model's large arrays belong.</summary>
    public static string PathOf(string modelPath, GraphProto graph)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in Large(graph))
        {
            // The lengths decide the offsets.
            long[] length = [tensor.RawData.Length];
            hash.AppendData(MemoryMarshal.AsBytes<long>(length));
            hash.AppendData(tensor.RawData.Span);
        }
        return $"{modelPath}.{Convert.ToHexStringLower(hash.GetHashAndReset())[..12]}.data";
    }

    /// <summary>Moves the large arrays into their file.</summary>
    public static void MoveOut(GraphProto graph, string weightsPath) =>
        AtomicFile.Write(
            weightsPath,
            stream =>
            {
                foreach (var tensor in Large(graph))
                {
                    stream.Position = (stream.Position + Alignment - 1) / Alignment * Alignment;
                    tensor.ExternalData.Add([
                        Entry("location", Path.GetFileName(weightsPath)),
                        Entry("offset", $"{stream.Position}"),
                        Entry("length", $"{tensor.RawData.Length}"),
                    ]);
                    tensor.RawData.WriteTo(stream);
                    (tensor.RawData, tensor.DataLocation) = (ByteString.Empty, TensorProto.Types.DataLocation.External);
                }
            }
        );

    /// <summary>Removes the weights of models that had this name before, also those that a killed export left.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="used">The weights that it has now; null where they lie within.</param>
    public static void RemoveOthers(string modelPath, string? used)
    {
        var name = Path.GetFileName(modelPath);
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(modelPath))!).GetFiles())
        {
            var ending = file.Name.StartsWith(name, StringComparison.Ordinal) ? Ending().Match(file.Name[name.Length..]) : Match.Empty;
            if (!ending.Success || file.Name == Path.GetFileName(used))
                continue;
            if (ending.Groups["unfinished"].Success)
            {
                TemporaryFile.RemoveUnlessInUse(file.FullName);
                continue;
            }
            try
            {
                file.Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Windows keeps what another process still reads. The new model is whole; the next export tries again.
            }
        }
    }

    static IEnumerable<TensorProto> Large(GraphProto graph) => graph.Initializer.Where(tensor => tensor.RawData.Length >= SmallestLength);

    static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    [GeneratedRegex(@"^\.[0-9a-f]{12}\.data(?<unfinished>\.[0-9a-f]{32}\.tmp)?$")]
    private static partial Regex Ending();
}
