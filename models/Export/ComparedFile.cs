using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Models.Export;

/// <summary>Gives a model its file: checked in its structure, compared with the network in ONNX Runtime, and only then under its name.</summary>
static class ComparedFile
{
    /// <summary>
    /// Writes the file, and the one of its weights if they are large. If they are not right neither is left, and a model that was there before stays with its weights.
    /// </summary>
    /// <param name="build">The model in a form.</param>
    /// <param name="options">The form.</param>
    /// <param name="path">The file, which is replaced if there is one. Its folder is made if there is none.</param>
    /// <param name="comparison">The network.</param>
    /// <returns>The largest difference between network and file.</returns>
    /// <exception cref="ArgumentException">The form's validation values are no whole number of rows.</exception>
    /// <exception cref="InvalidOperationException">They differ by more than the form's tolerance.</exception>
    public static double Write(Func<OnnxExportOptions, ModelProto> build, OnnxExportOptions options, string path, ExportComparison comparison)
    {
        var rowLength = comparison.RowShape.Aggregate((product, size) => product * size);
        if (options.ValidationRows.Length % rowLength != 0)
            throw new ArgumentException($"{options.ValidationRows.Length} validation values are no whole number of rows of {rowLength}.", nameof(options));
        var model = build(options);
        GraphCheck.ThrowIfBroken(model);
        // Random noise cannot be compared: its twin without noise stands for it.
        var twin = options.InputNoiseScope == NoiseScope.Always ? build(options with { InputNoiseScope = NoiseScope.Training }) : null;

        var difference = double.NaN;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var weights = model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > options.ExternalDataAbove ? ExternalWeights.PathOf(path, model.Graph) : null;
        var areNew = weights is not null && !File.Exists(weights);
        try
        {
            if (weights is not null)
                ExternalWeights.MoveOut(model.Graph, weights);
            AtomicFile.Write(path, model.WriteTo, check: written => difference = Compare(comparison, options, written, twin));
        }
        catch when (areNew && double.IsNaN(difference))
        {
            // Only what was not compared: the compared model may have its name by now, and then needs them.
            File.Delete(weights!);
            throw;
        }
        ExternalWeights.RemoveOthers(path, weights);
        return difference;
    }

    static double Compare(ExportComparison comparison, OnnxExportOptions options, string written, ModelProto? twin)
    {
        var compared = written;
        try
        {
            if (twin is not null)
            {
                using (var sessionOptions = new SessionOptions())
                    OnnxModel.Load(written, sessionOptions).Dispose();
                compared = $"{written}.twin";
                using var stream = File.Create(compared);
                twin.WriteTo(stream);
            }
            var difference = comparison.MaxAbsDifference(options, compared);
            // Written so that a difference that is not a number fails, too.
            if (!(difference <= options.Tolerance))
                throw new InvalidOperationException(
                    $"The ONNX file differs from the network by {difference:g3}, more than {options.Tolerance:g3}; it was not written. Weights that are not finite or very large do this.");
            return difference;
        }
        finally
        {
            if (twin is not null)
                File.Delete(compared);
        }
    }
}
