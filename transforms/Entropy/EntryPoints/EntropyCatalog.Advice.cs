using Microsoft.ML;
using NoisyNN.Transforms.Entropy.Advice;

namespace NoisyNN;

public sealed partial class EntropyCatalog
{
    /// <summary>
    /// Ranks noises on a column by how they change its diffusion spectral mutual information with the label, before any training. Each
    /// noise gets an interval. It is no advice: DSMI also rises with noise that contracts the rows, which costs a network accuracy.
    /// </summary>
    /// <param name="view">Training rows. They must not contain rows that judge later.</param>
    /// <param name="columnName">The column to put noise on, a known-size vector of Single.</param>
    /// <param name="labelColumnName">The classes. Text, keys, whole numbers and Booleans are used as they are; other numbers are put into
    /// bins.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellation">Stops between two measurements.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, a noise does not fit the column, or options contradict
    /// each other.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows or only one class, a value is not finite, the column is constant,
    /// or a mixing is singular.</exception>
    /// <example><code>
    /// var screen = ml.Entropy.Screen(train, "Pixels");
    /// Console.WriteLine(screen.Verdict);
    /// </code></example>
    public NoiseAdvice Screen(
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
