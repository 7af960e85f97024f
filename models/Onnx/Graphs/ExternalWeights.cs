using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// The file beside a model that holds its large arrays. Its name has a hash of its content, <c>model.onnx.0123456789ab.data</c>, so new
/// weights never take the name of those that a model in use reads. So at every moment, even if the process is killed, a model has its
/// weights.
/// </summary>
static partial class ExternalWeights
{
    // Smaller tensors stay in the model. They are shapes and constants, which readers need at once.
    const int SmallestLength = 1024;

    // The format's document recommends offsets at which memory pages can be mapped.
    const int Alignment = 4096;

    /// <summary>The path of the file for a model's large arrays.</summary>
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

    /// <summary>Removes the weights of earlier models of this name, including those that a killed export has left.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="used">The file of its present weights; null if they are in the model itself.</param>
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
                // Windows keeps a file that another process still reads. The new model is complete, and the next export tries again.
            }
        }
    }

    static IEnumerable<TensorProto> Large(GraphProto graph) => graph.Initializer.Where(tensor => tensor.RawData.Length >= SmallestLength);

    static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    [GeneratedRegex(@"^\.[0-9a-f]{12}\.data(?<unfinished>\.[0-9a-f]{32}\.tmp)?$")]
    private static partial Regex Ending();
}
