using System.Runtime.InteropServices;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx.Quantization;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>Quantises a model in a process of its own. This process only gives the finished file its name.</summary>
static class IsolatedQuantizer
{
    /// <param name="modelFile">The model.</param>
    /// <param name="outputFile">The file to write. An existing file is replaced.</param>
    /// <param name="calibration">Whole rows of the model's input, one after the other; empty if each run finds its own scales.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="rowShape">The shape of a row.</param>
    /// <param name="limits">The limits of the process.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="InvalidDataException">The model cannot be quantised, or the rows do not fit it.</exception>
    /// <exception cref="ModelProcessException">The process ended, or went beyond a limit.</exception>
    public static QuantizationResult Quantize(
        string modelFile,
        string outputFile,
        float[] calibration,
        int rowCount,
        IReadOnlyList<int> rowShape,
        ModelIsolation limits,
        CancellationToken cancellation
    )
    {
        OnnxFile.Read(modelFile);
        var folder = Directory.CreateTempSubdirectory("noisynn-quantize-");
        var made = Path.Combine(folder.FullName, "model.onnx");
        ModelProcess? process = null;
        try
        {
            process = ModelProcess.Launch(modelFile, limits, hasGpu: false, cancellation);
            var answer = process.Call(
                ModelRequest.Quantize,
                writer =>
                {
                    writer.Write(Path.GetFullPath(modelFile));
                    writer.Write(made);
                    writer.WriteBytes(MemoryMarshal.AsBytes<float>(calibration).ToArray());
                    writer.Write(rowCount);
                    writer.Write(rowShape);
                },
                limits.LoadingTime + limits.BatchTime * (1 + rowCount / Calibration.BatchSize),
                "quantizing",
                cancellation
            );
            var products = answer.ReadInt32();
            AtomicFile.Write(
                outputFile,
                stream =>
                {
                    using var content = File.OpenRead(made);
                    content.CopyTo(stream);
                },
                check: static _ => { }
            );
            return new(outputFile, products, rowCount, new FileInfo(modelFile).Length, new FileInfo(made).Length);
        }
        catch (OnnxRunException refused)
        {
            throw new InvalidDataException(refused.Message, refused);
        }
        finally
        {
            process?.Kill();
            folder.Delete(recursive: true);
        }
    }
}
