using Microsoft.ML;
using NoisyNN.Transforms.Entropy.Advice;

namespace NoisyNN;

public sealed partial class EntropyCatalog
{
    /// <summary>
    /// Ranks noises on a column by how they change its diffusion spectral mutual information with the label, before any training; with an
    /// interval for each, and "none" as the answer where no interval lies above 0.
    /// </summary>
    /// <param name="view">Training rows. Rows that judge later must not be among them: the advice chooses by them.</param>
    /// <param name="columnName">The column to put noise on, a known-size vector of Single.</param>
    /// <param name="labelColumnName">The classes: text, a key, whole numbers or truth values as they are, other numbers in bins.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops between two measurements.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; a noise does not fit the column; options that contradict
    /// each other.</exception>
    /// <exception cref="InvalidOperationException">Too few rows or one class; a value that is not finite; a constant column; a mixing that
    /// is singular.</exception>
    /// <example><code>
    /// var advice = ml.Entropy.Advise(train, "Pixels");
    /// Console.WriteLine(advice.Verdict);
    /// </code></example>
    public NoiseAdvice Advise(
        IDataView view,
        string columnName,
        string labelColumnName = "Label",
        AdviceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(view);
        options ??= new();
        var sample = AdviceSample.Read(view, columnName, labelColumnName, options);
        return new NoiseAdvisor(sample, new(_context, columnName, sample, options), options).Advise(cancellation);
    }
}
