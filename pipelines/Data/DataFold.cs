using NoisyNN.Models.Training.Folds;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// A fold of a stratified k-fold division of the training rows: it judges, the others train. The test rows that a data set comes with are
/// not touched.
/// </summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Count">How many there are.</param>
public sealed record DataFold(int Number, int Count)
{
    /// <summary>Cuts the rows in two, the second part being the fold. Which rows go together depends on the seed alone.</summary>
    internal (int[] Kept, int[] Held) Cut(IReadOnlyList<int> rows, Func<int, int> classOf, IReadOnlyList<string> labels, int seed)
    {
        var foldOf = KFold.Assign([.. rows.Select(classOf)], labels, Count, seed);
        return ([.. rows.Where((_, index) => foldOf[index] != Number - 1)], [.. rows.Where((_, index) => foldOf[index] == Number - 1)]);
    }
}
