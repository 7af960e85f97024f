using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Advising;

/// <summary>The rows of short trainings, read once. Test rows are not among them.</summary>
/// <param name="Name">What the data are called.</param>
/// <param name="Column">The column to put noise on.</param>
/// <param name="Shape">The shape of a row.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Training">The rows to train on.</param>
/// <param name="Choosing">The validation rows that choose the noise.</param>
/// <param name="Confirming">The validation rows that confirm it.</param>
sealed record TrialRows(
    string Name,
    string Column,
    IReadOnlyList<int> Shape,
    IReadOnlyList<string> Labels,
    RowStore Training,
    RowStore Choosing,
    RowStore Confirming
)
{
    const int RankRows = 200;

    /// <summary>Reads training and validation rows, and divides the validation rows in two by chance.</summary>
    /// <exception cref="InvalidDataException">There are fewer than two validation rows.</exception>
    public static TrialRows Read(
        string name,
        string column,
        IReadOnlyList<string> labels,
        IDataView training,
        IDataView validation,
        int seed,
        CancellationToken cancellation
    )
    {
        RowStore Store(IDataView view, string role) =>
            RowStore.Read(
                view,
                new()
                {
                    Role = role,
                    FeatureColumnName = column,
                    LabelColumnName = "Label",
                    Labels = labels,
                    CancellationToken = cancellation,
                }
            );
        var held = Store(validation, "validation");
        if (held.Count < 2)
            throw new InvalidDataException(
                $"{name} has {held.Count} validation rows. The advice needs some to choose a noise and others to confirm it."
            );
        int[] order = [.. Enumerable.Range(0, held.Count)];
        new Random(seed).Shuffle(order);
        return new(
            name,
            column,
            [.. ((VectorDataViewType)training.Schema[column].Type).Dimensions],
            labels,
            Store(training, "training"),
            held.Select(order[..(held.Count / 2)]),
            held.Select(order[(held.Count / 2)..])
        );
    }

    /// <summary>The effective rank of some training rows with the noise on, divided by that without it.</summary>
    public double RankRatio(NoiseDefinition noise)
    {
        var count = Math.Min(RankRows, Training.Count);
        var length = Training.RowLength;
        var rows = new float[count * length];
        for (var row = 0; row < count; row++)
            Training.CopyTo((int)((long)row * Training.Count / count), rows.AsSpan(row * length));
        var clean = EffectiveRank.Of(rows, length);
        DataViewRowId[] ids = [.. Enumerable.Range(0, count).Select(row => new DataViewRowId((ulong)row, 0))];
        NoiseKernel.Create(noise, [.. Shape]).Apply(rows, count, seed: 1, ids);
        return clean == 0 ? 1 : EffectiveRank.Of(rows, length) / clean;
    }

    /// <summary>The typical deviation of a value from its mean over the training rows.</summary>
    public double Scale()
    {
        var (count, length) = (Math.Min(2000, Training.Count), Training.RowLength);
        var (row, sums, squares) = (new float[length], new double[length], new double[length]);
        for (var i = 0; i < count; i++)
        {
            Training.CopyTo((int)((long)i * Training.Count / count), row);
            for (var j = 0; j < length; j++)
            {
                sums[j] += row[j];
                squares[j] += (double)row[j] * row[j];
            }
        }
        var variance = Enumerable.Range(0, length).Average(j => squares[j] / count - sums[j] / count * (sums[j] / count));
        return variance > 0
            ? Math.Sqrt(variance)
            : throw new InvalidDataException($"All training rows of {Name} are equal, so that noise has no scale.");
    }
}
