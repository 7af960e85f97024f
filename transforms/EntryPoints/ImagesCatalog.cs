using Microsoft.ML;
using NoisyNN.Transforms.Images.Columns;

namespace NoisyNN;

/// <summary>Estimators that read images: <c>ml.Images</c>.</summary>
public sealed class ImagesCatalog
{
    readonly MLContext _context;

    internal ImagesCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Image files as raw pixels of one size, 0 to 255, planar: what this project's trainers, its command line and its exported networks
    /// take.
    /// </summary>
    /// <param name="outputColumnName">The column to make, <c>Vector&lt;Single, channels, height, width&gt;</c>.</param>
    /// <param name="inputColumnName">Paths of files (text), or their content (a vector of Byte of any size).</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Pixels of a row of the result.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="rootFolder">Where relative paths begin; null for the current folder.</param>
    /// <example><code>
    /// var pipeline = ml.Images.Load("Pixels", "Path", height: 224, width: 224).Append(ml.Scoring.OnnxBatch("Score", "Pixels",
    /// "model.onnx"));
    /// </code></example>
    public ImagePixelsEstimator Load(
        string outputColumnName,
        string inputColumnName,
        int height,
        int width,
        int channels = 3,
        string? rootFolder = null
    ) =>
        Load(
            new()
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Height = height,
                Width = width,
                Channels = channels,
                RootFolder = rootFolder,
            }
        );

    /// <inheritdoc cref="Load(string, string, int, int, int, string?)"/>
    public ImagePixelsEstimator Load(ImagePixelsEstimator.Options options) => new(_context, options);
}

/// <summary>Hangs <see cref="ImagesCatalog"/> on the context.</summary>
public static class ImagesExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that read images.</summary>
        public ImagesCatalog Images => new(context);
    }
}
