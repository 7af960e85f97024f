using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Scoring;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>
/// Audits a model. Two questions are asked. Does a row that gets other neighbours in a batch of the same size get other scores? That needs no
/// labels and no statistics, since the same shapes are computed in the same way. And do class-sorted batches raise accuracy?
/// </summary>
sealed class Auditor(MLContext context, OnnxBatchEstimator.Options model, AuditOptions options)
{
    const int ProbeCount = 32;

    /// <param name="rows">The labelled rows.</param>
    /// <param name="labelColumnName">Their labels.</param>
    public ModelAudit Audit(IDataView rows, string labelColumnName)
    {
        using var transformer = new OnnxBatchEstimator(context, model).Fit(rows);
        var mapper = transformer.Bind(rows.Schema);
        var read = AuditRows.Read(rows, labelColumnName, mapper, options, model.Cancellation);
        var scores = new Scores(mapper, read, model.Cancellation);
        // A model of fixed batch size cannot run what is left over, nor a row alone.
        var fixedBatch = mapper.Input.FixedBatch;
        var count = read.Values.Count / (fixedBatch ?? 1) * (fixedBatch ?? 1);
        if (count < 2)
            throw new InvalidDataException($"{read.Values.Count} rows do not fill the batch of {fixedBatch} that the model requires.");
        int[] sorted = [.. Enumerable.Range(0, count).OrderBy(row => read.Classes[row])];
        int[] sizes = fixedBatch is { } only
            ? only == 1
                ? []
                : [only]
            : [.. options.BatchSizes.Where(size => size <= count).Distinct().Order()];

        var (accuracies, outcomes) = (new List<AuditedAccuracy>(), new List<OrderedOutcomes>());
        if (fixedBatch is null or 1)
            accuracies.Add(new("alone", 1, Share(scores.Correct(sorted, 1))));
        foreach (var size in sizes)
        {
            var inOrder = scores.Correct(sorted, size);
            var shuffled = Enumerable
                .Range(options.Seed, options.ShuffleCount)
                .Select(seed => scores.Correct(Shuffled(count, seed), size))
                .ToList();
            accuracies.Add(new("sorted", size, Share(inOrder)));
            accuracies.Add(new("shuffled", size, shuffled.Average(Share)));
            outcomes.Add(OrderedOutcomes.Of(size, sorted, inOrder, shuffled));
        }
        var (neighbours, runs) = Changes(scores, sizes, count);
        var isMixed = neighbours > ModelAudit.Tolerance && runs <= ModelAudit.Tolerance;
        var leaks = LeakIndex.JudgeFamily(outcomes);
        return new()
        {
            Model = transformer.ModelFile,
            RowCount = count,
            Accuracies = accuracies,
            // What does not depend on its neighbours cannot leak.
            LeakIndexes =
                isMixed || runs > ModelAudit.Tolerance
                    ? leaks
                    : [.. leaks.Select(leak => leak.Value == 0 ? leak with { Interval = new Interval(0, 0), PValue = 1 } : leak)],
            NeighbourChange = neighbours,
            RunChange = runs,
            Operator = isMixed ? new OperatorSearch(context, model, mapper, read).Find() : null,
            Notes = fixedBatch is 1 ? [.. read.Notes, "the model takes one row at a time"] : read.Notes,
        };
    }

    /// <summary>The largest relative change of a row's scores with other neighbours, and with none but another run.</summary>
    (double Neighbours, double Runs) Changes(Scores scores, int[] sizes, int count)
    {
        var (neighbours, runs, largest) = (0.0, 0.0, double.Epsilon);
        var random = new Random(options.Seed);
        foreach (var size in sizes)
        {
            for (var probe = 0; probe < ProbeCount; probe++)
            {
                var row = random.Next(count);
                // In the middle, so that a model that looks at the row before, or after, shows it.
                int[] first = [.. Enumerable.Range(0, size).Select(slot => slot == size / 2 ? row : random.Next(count))];
                int[] second = [.. Enumerable.Range(0, size).Select(slot => slot == size / 2 ? row : random.Next(count))];
                var (one, again, other) = (Row(scores.Of(first)), Row(scores.Of(first)), Row(scores.Of(second)));
                for (var i = 0; i < one.Length; i++)
                {
                    largest = Math.Max(largest, Math.Abs(one[i]));
                    runs = Math.Max(runs, Math.Abs((double)one[i] - again[i]));
                    neighbours = Math.Max(neighbours, Math.Abs((double)one[i] - other[i]));
                }

                float[] Row(float[] all) => all[(size / 2 * all.Length / size)..((size / 2 + 1) * all.Length / size)];
            }
        }
        return (neighbours / largest, runs / largest);
    }

    static double Share(bool[] isCorrect) => (double)isCorrect.Count(correct => correct) / isCorrect.Length;

    static int[] Shuffled(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(order);
        return order;
    }
}
