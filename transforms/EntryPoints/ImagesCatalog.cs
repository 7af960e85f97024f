using Microsoft.ML;
using NoisyNN.Transforms.Images.Columns;

namespace NoisyNN;

/// <summary>Estimators that read images: <c>ml.Images</c>.</summary>
public sealed class ImagesCatalog
{
    readonly MLContext _context;

    internal ImagesCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Reads image files as raw pixels of one size, 0 to 255, planar. The trainers, the command line and the exported networks of this
    /// project take such pixels.
    /// </summary>
    /// <param name="outputColumnName">The column to make, <c>Vector&lt;Single, channels, height, width&gt;</c>.</param>
    /// <param name="inputColumnName">Paths of files (text), or their content (a vector of Byte of any size).</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Pixels of a row of the result.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="rootFolder">The folder that relative paths begin in; null for the current folder.</param>
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

/// <summary>Adds <see cref="ImagesCatalog"/> to <see cref="MLContext"/>.</summary>
public static class ImagesExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that read images.</summary>
        public ImagesCatalog Images => new(context);
    }
}
