using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// The training loss in nats: cross entropy with label smoothing (Szegedy et al., arXiv 1512.00567) and weighted classes. Weights average
/// to 1 over the training rows, so a sum over parts of a batch, divided by the rows of all of them, is the same whatever the parts.
/// </summary>
sealed class Objective(double labelSmoothing, Tensor? classWeights) : IDisposable
{
    /// <param name="options">Label smoothing, and which classes weigh more.</param>
    /// <param name="rowsPerClass">The training rows of each class.</param>
    /// <param name="device">Where the loss is computed.</param>
    /// <exception cref="ArgumentException">There is not one weight for each class, or all rows weigh nothing.</exception>
    public static Objective Create(TrainingRecipe options, IReadOnlyList<int> rowsPerClass, Device device) =>
        new(
            options.LabelSmoothing,
            Weights(options, rowsPerClass) is { } weights
                ? tensor(Array.ConvertAll(weights, weight => (float)weight), device: device).DetachFromDisposeScope()
                : null
        );

    /// <summary>The weight of each class, 1 for the average row; null where all weigh the same.</summary>
    public static double[]? Weights(TrainingRecipe options, IReadOnlyList<int> rowsPerClass)
    {
        if (!options.BalanceClasses && options.ClassWeights.Count == 0)
            return null;
        if (!options.BalanceClasses && options.ClassWeights.Count != rowsPerClass.Count)
            throw new ArgumentException(
                $"{nameof(options.ClassWeights)} has {options.ClassWeights.Count} weights, but the label column has "
                    + $"{rowsPerClass.Count} classes; give one for each, in the order of the key values."
            );

        double[] weights =
        [
            .. rowsPerClass.Select(
                (rows, index) =>
                    !options.BalanceClasses ? options.ClassWeights[index]
                    : rows == 0 ? 0
                    : 1.0 / rows
            ),
        ];
        var total = weights.Zip(rowsPerClass, (weight, rows) => weight * rows).Sum();
        if (total == 0)
            throw new ArgumentException(
                $"{nameof(options.ClassWeights)} are 0 for every class that has training rows; give one of those a weight."
            );
        return Array.ConvertAll(weights, weight => weight * rowsPerClass.Sum() / total);
    }

    /// <summary>The loss summed over rows.</summary>
    /// <param name="logits">[N, classes]</param>
    /// <param name="classes">[N]</param>
    public Tensor Sum(Tensor logits, Tensor classes) =>
        functional.cross_entropy(logits, classes, weight: classWeights, reduction: Reduction.Sum, label_smoothing: labelSmoothing);

    public void Dispose() => classWeights?.Dispose();
}
