using NoisyNN.Models.Training.Folds;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// A fold of a stratified k-fold division of the training rows. This fold judges, and the other folds train. The test rows that a data set
/// comes with are not used.
/// </summary>
/// <param name="Number">The number of the fold, from 1.</param>
/// <param name="Count">The number of folds.</param>
public sealed record DataFold(int Number, int Count)
{
    /// <summary>Divides the rows into two parts, of which the second is the fold. The division depends on the seed alone.</summary>
    internal (int[] Kept, int[] Held) Cut(IReadOnlyList<int> rows, Func<int, int> classOf, IReadOnlyList<string> labels, int seed)
    {
        var foldOf = KFold.Assign([.. rows.Select(classOf)], labels, Count, seed);
        return ([.. rows.Where((_, index) => foldOf[index] != Number - 1)], [.. rows.Where((_, index) => foldOf[index] == Number - 1)]);
    }
}
