using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// Counts the complete passes over a view whose columns take long to compute, and warns once of a further one. Most trainers of ML.NET read
/// their rows at every iteration. To keep the columns is for the user to say, as with every column of ML.NET: it takes memory, and a
/// network whose noise was changed must not give old values.
/// </summary>
/// <param name="context">Its log gets the warning.</param>
/// <param name="columnName">The column that is computed.</param>
sealed class RepeatedPasses(MLContext context, string columnName)
{
    // Metrics, and a look at the rows.
    const int Usual = 2;

    int _completed;
    int _warned;

    /// <summary>A cursor is about to compute the column.</summary>
    public void Begin()
    {
        var completed = Volatile.Read(ref _completed);
        if (completed < Usual || Interlocked.Exchange(ref _warned, 1) != 0)
            return;
        using var channel = ((IHostEnvironment)context).Register(nameof(BlockMappedDataView)).Start("Read");
        channel.Warning(
            MessageSensitivity.None,
            "The column '{0}' was computed in {1} complete passes over one view, and another one begins. To compute it once, put "
                + "AppendCacheCheckpoint(mlContext) behind it in the pipeline, or read mlContext.Data.Cache(view).",
            columnName,
            completed
        );
    }

    /// <summary>A cursor has seen the last row.</summary>
    public void Complete() => Interlocked.Increment(ref _completed);
}
