using Microsoft.ML;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN;

/// <summary>Estimators that put nuisances on images, and make a column with their places: <c>ml.Nuisance</c>.</summary>
public sealed class NuisanceCatalog
{
    readonly MLContext _context;

    internal NuisanceCatalog(MLContext context) => _context = context;

    /// <summary>Covers a square at a random place of each image.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="size">The height and width of the square, in pixels.</param>
    /// <param name="fill">What the square shows.</param>
    /// <param name="inputColumnName">The images, <c>Vector&lt;Single, channels, height, width&gt;</c>, 0 to 255; null for the output column
    /// itself, in place.</param>
    /// <param name="placeColumnName">The column to make for the place, as text.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    public NuisanceEstimator Occlude(
        string outputColumnName,
        int size,
        OcclusionFill fill = OcclusionFill.Constant,
        string? inputColumnName = null,
        string placeColumnName = "Place",
        int? seed = null
    ) => Add(outputColumnName, new OcclusionNuisance(size, fill), inputColumnName, placeColumnName, seed);

    /// <summary>Puts each image at a random place of a larger canvas, among crops of other images.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="canvasSize">The height and width of the canvas, in pixels.</param>
    /// <param name="pieces">The number of crops.</param>
    /// <param name="pieceSize">The height and width of a crop, in pixels.</param>
    /// <param name="inputColumnName">The images, <c>Vector&lt;Single, channels, height, width&gt;</c>, 0 to 255; null for the output column
    /// itself, in place.</param>
    /// <param name="placeColumnName">The column to make for the place of the image, as text.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    public NuisanceEstimator Clutter(
        string outputColumnName,
        int canvasSize,
        int pieces = 8,
        int pieceSize = 8,
        string? inputColumnName = null,
        string placeColumnName = "Place",
        int? seed = null
    ) => Add(outputColumnName, new ClutterNuisance(canvasSize, pieces, pieceSize), inputColumnName, placeColumnName, seed);

    /// <summary>Puts any nuisance on a column, with all options.</summary>
    public NuisanceEstimator Add(NuisanceEstimator.Options options) => new(_context, options);

    NuisanceEstimator Add(string output, NuisanceDefinition nuisance, string? input, string place, int? seed) =>
        Add(
            new()
            {
                OutputColumnName = output,
                InputColumnName = input,
                PlaceColumnName = place,
                Nuisance = nuisance,
                Seed = seed,
            }
        );
}

/// <summary>Adds <see cref="NuisanceCatalog"/> to <see cref="MLContext"/>.</summary>
public static class NuisanceExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that put nuisances on images.</summary>
        public NuisanceCatalog Nuisance => new(context);
    }
}
