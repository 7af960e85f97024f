using Microsoft.ML;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Neftune;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN;

public sealed partial class NoiseCatalog
{
    /// <summary>Additive Gaussian noise on each element.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="standardDeviation">In the column's units: 25 is a tenth of the range of pixels, 0 to 255.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="mean">The mean, in the column's units.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
    /// <example><code>var pipeline = ml.Noise.Gaussian("Embedding", standardDeviation: 0.1).Append(trainer);</code></example>
    public NoiseEstimator Gaussian(
        string outputColumnName,
        double standardDeviation,
        string? inputColumnName = null,
        double mean = 0,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? clip = null
    ) =>
        Add(
            outputColumnName,
            new GaussianNoise(standardDeviation, mean, clip),
            inputColumnName,
            scope,
            seed,
            rowProbability: rowProbability
        );

    /// <summary>Additive uniform noise on each element, from minus to plus <paramref name="halfWidth"/>.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="halfWidth">In the column's units, as 25 for pixels of 0 to 255; the standard deviation is 0.577 of it.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="clip">The range that noisy values are limited to; null for none.</param>
    /// <example><code>var pipeline = ml.Noise.Uniform("Embedding", halfWidth: 0.2).Append(trainer);</code></example>
    public NoiseEstimator Uniform(
        string outputColumnName,
        double halfWidth,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? clip = null
    ) => Add(outputColumnName, new UniformNoise(halfWidth, clip), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>NEFTune: additive uniform noise, from minus to plus α/√(L·d) for a row of L tokens with d channels.</summary>
    /// <param name="outputColumnName">The column to make, such as embeddings.</param>
    /// <param name="alpha">α, in the column's units; 5 to 15 in the paper.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <example><code>var pipeline = ml.Noise.Neftune("Embedding", alpha: 5).Append(trainer);</code></example>
    public NoiseEstimator Neftune(
        string outputColumnName,
        double alpha = 5,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1
    ) => Add(outputColumnName, new NeftuneNoise(alpha), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>Additive Laplace noise on each element, with heavier tails than Gaussian noise.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="scale">The mean absolute value, in the column's units, as 15 for pixels of 0 to 255; the standard deviation is 1.414
    /// times it.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="clip">The range that noisy values are limited to; null for none.</param>
    /// <example><code>var pipeline = ml.Noise.Laplace("Embedding", scale: 0.1).Append(trainer);</code></example>
    public NoiseEstimator Laplace(
        string outputColumnName,
        double scale,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? clip = null
    ) => Add(outputColumnName, new LaplaceNoise(scale, clip), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>Speckle: each element is multiplied by 1 plus Gaussian noise.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="standardDeviation">The standard deviation relative to the value of each element, without a unit.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.Speckle("Pixels", standardDeviation: 0.2, clip: ValueRange.Pixels).Append(trainer);
    /// </code></example>
    public NoiseEstimator Speckle(
        string outputColumnName,
        string? inputColumnName = null,
        double standardDeviation = 0.2,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? clip = null
    ) => Add(outputColumnName, new SpeckleNoise(standardDeviation, clip), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>
    /// Poisson (shot) noise, the noise of counted light, on images and pixel columns of shape <c>[channels, height, width]</c>.
    /// </summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="photons">The expected count of a white element. Fewer photons mean more noise.</param>
    /// <param name="white">The value of a white element.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.Poisson("Image", photons: 25)
    ///     .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
    ///     .Append(trainer);
    /// </code></example>
    public NoiseEstimator Poisson(
        string outputColumnName,
        string? inputColumnName = null,
        double photons = 60,
        double white = 255,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? clip = null
    ) => Add(outputColumnName, new PoissonNoise(photons, white, clip), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>Salt and pepper: replaces elements by the row's largest or smallest value, or by given values.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="probability">The probability that an element is replaced.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <param name="extremes">Pepper and salt, such as <see cref="ValueRange.Pixels"/>; null for each row's own extremes.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.SaltAndPepper("Pixels", probability: 0.05, rowProbability: 0.5).Append(trainer);
    /// </code></example>
    public NoiseEstimator SaltAndPepper(
        string outputColumnName,
        string? inputColumnName = null,
        double probability = 0.1,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1,
        ValueRange? extremes = null
    ) => Add(outputColumnName, new SaltAndPepperNoise(probability, extremes), inputColumnName, scope, seed, rowProbability: rowProbability);

    /// <summary>A noise of ImageNet-C at one of its severities, on images and on pixel columns of 0 to 255.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="corruption">The noise.</param>
    /// <param name="severity">The severity, from 1 to 5.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts. To measure robustness as ImageNet-C does, use <see cref="NoiseScope.Always"/>.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">The corruption or the severity is unknown.</exception>
    /// <example>
    /// <code>
    /// var corrupt = ml.Noise.Corruption("Image", ImageCorruption.ShotNoise, severity: 3, scope: NoiseScope.Always);
    /// var metrics = ml.MulticlassClassification.Evaluate(model.Transform(corrupt.Fit(test).Transform(test)));
    /// </code>
    /// </example>
    public NoiseEstimator Corruption(
        string outputColumnName,
        ImageCorruption corruption,
        int severity,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        double rowProbability = 1
    ) => Add(outputColumnName, corruption.At(severity), inputColumnName, scope, seed, rowProbability: rowProbability);
}
