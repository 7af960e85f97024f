using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN;

public sealed partial class EntropyCatalog
{
    /// <summary>
    /// Measures the diffusion spectral entropy of a column and, with labels, its mutual information with them, in bits. The report's notes
    /// also go to the log of the context.
    /// </summary>
    /// <param name="data">The view.</param>
    /// <param name="columnName">A vector of Single or Double of known size.</param>
    /// <param name="labelColumnName">
    /// The classes. Text, keys, whole numbers and Booleans are used as they are. Floating-point numbers become classes by
    /// <see cref="RowClasses.Of(IReadOnlyList{double}, int)"/>, vectors by spectral clustering. Null for the entropy alone.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, a value is missing, NaN or infinite, or there is no
    /// row.</exception>
    /// <example><code>var entropy = ml.Entropy.Measure(features, "Embedding", labelColumnName: "Label");</code></example>
    public EntropyReport Measure(IDataView data, string columnName, string? labelColumnName = null, EntropyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columnName);
        options ??= new();
        var (rows, classes) = FeatureColumn.Read(data, columnName, labelColumnName, options);
        var report = DiffusionEntropy.Measure(rows, classes, options);
        using var channel = ((IHostEnvironment)_context).Register(nameof(DiffusionEntropy)).Start("Measure");
        foreach (var note in report.Notes)
            channel.Warning(MessageSensitivity.Schema, $"Column '{columnName}': {note}.");
        return report;
    }
}
