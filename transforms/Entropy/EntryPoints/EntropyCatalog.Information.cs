using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN;

public sealed partial class EntropyCatalog
{
    /// <summary>Estimates the mutual information of a column and a label column, in bits.</summary>
    /// <param name="data">The view.</param>
    /// <param name="columnName">A vector of Single or Double of known size.</param>
    /// <param name="labelColumnName">The classes, read as <see cref="Measure"/> reads them.</param>
    /// <param name="estimator">The estimator; null for the lower bound of a cross-validated logistic regression.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, a value is missing, NaN or infinite, or there are too
    /// few rows.</exception>
    /// <example><code>
    /// var bits = ml.Entropy.Information(features, "Embedding", "Label", new NearestNeighborInformation { Neighbors = 5 });
    /// </code></example>
    public double Information(
        IDataView data,
        string columnName,
        string labelColumnName = "Label",
        InformationEstimator? estimator = null,
        int seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columnName);
        ArgumentNullException.ThrowIfNull(labelColumnName);
        var (rows, classes) = FeatureColumn.Read(data, columnName, labelColumnName, new EntropyOptions());
        estimator ??= new ProbeInformation();
        using var channel = ((IHostEnvironment)_context).Register(nameof(InformationEstimator)).Start("Estimate");
        var bits = estimator.Estimate(PairedRows.Of(rows, classes!), seed);
        channel.Info(
            MessageSensitivity.Schema,
            "Column '{0}' and '{1}': {2} bits by {3}.",
            columnName,
            labelColumnName,
            bits,
            estimator.Name
        );
        return bits;
    }
}
