using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Models.Onnx;

/// <summary>
/// Writes a model to its file. It checks the structure, compares the model with the network in ONNX Runtime, and then gives the file its
/// name.
/// </summary>
static class ComparedFile
{
    /// <summary>
    /// Writes the file and, if the weights are large, their file. If the check fails, neither is left, and an existing model keeps its
    /// weights.
    /// </summary>
    /// <param name="build">Builds the model in a form.</param>
    /// <param name="options">The form.</param>
    /// <param name="path">The file. An existing file is replaced; a missing folder is created.</param>
    /// <param name="comparison">The network.</param>
    /// <returns>The largest difference between network and file.</returns>
    /// <exception cref="ArgumentException">The validation values are not a whole number of rows.</exception>
    /// <exception cref="InvalidOperationException">They differ by more than the form's tolerance.</exception>
    public static double Write(
        Func<OnnxExportOptions, ModelProto> build,
        OnnxExportOptions options,
        string path,
        ExportComparison comparison
    )
    {
        var rowLength = comparison.RowShape.Aggregate((product, size) => product * size);
        if (options.ValidationRows.Length % rowLength != 0)
            throw new ArgumentException(
                $"{options.ValidationRows.Length} validation values are not a whole number of rows of {rowLength}.",
                nameof(options)
            );
        var model = build(options);
        GraphCheck.ThrowIfBroken(model);
        // Random noise cannot be compared, so a copy without noise is compared instead.
        var twin = options.InputNoiseScope == NoiseScope.Always ? build(options with { InputNoiseScope = NoiseScope.Training }) : null;

        var difference = double.NaN;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var place = OutputPlace.Of(path);
        var weights =
            model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > options.ExternalDataAbove
                ? ExternalWeights.PathOf(path, model.Graph)
                : null;
        if (weights is not null && (place.IsStream || place.IsLinked))
            throw new IOException(
                $"'{path}' cannot be written: weights in a second file need a regular model file beside them, but this is "
                    + $"{(place.IsStream ? "not a regular file" : $"a link to '{place.Path}'")}. Give a regular file."
            );
        var areNew = weights is not null && !File.Exists(weights);
        try
        {
            if (weights is not null)
                ExternalWeights.MoveOut(model.Graph, weights);
            AtomicFile.Write(path, model.WriteTo, check: written => difference = Compare(comparison, options, written, twin));
        }
        catch when (areNew && double.IsNaN(difference))
        {
            // Remove only weights of a model that was not compared: the compared model may have its name by now, and then needs them.
            File.Delete(weights!);
            throw;
        }
        if (!place.IsStream)
            ExternalWeights.RemoveOthers(place.Path, weights);
        return difference;
    }

    static double Compare(ExportComparison comparison, OnnxExportOptions options, string written, ModelProto? twin)
    {
        if (twin is null)
            return Require(comparison.MaxAbsDifference(options, written), options);

        using (var sessionOptions = new SessionOptions())
            OnnxModel.Load(written, sessionOptions).Dispose();
        // It is written beside the final file, where its weights are.
        using var stream = TemporaryFile.Create(written);
        try
        {
            twin.WriteTo(stream);
            stream.Flush();
            if (OperatingSystem.IsWindows())
                stream.Dispose();
            return Require(comparison.MaxAbsDifference(options, stream.Name), options);
        }
        finally
        {
            File.Delete(stream.Name);
        }
    }

    // Written so that NaN fails, too.
    static double Require(double difference, OnnxExportOptions options) =>
        difference <= options.Tolerance
            ? difference
            : throw new InvalidOperationException(
                $"The ONNX file differs from the network by {difference:g3}, more than {options.Tolerance:g3}; it was not "
                    + "written. Weights that are not finite or very large do this."
            );
}
