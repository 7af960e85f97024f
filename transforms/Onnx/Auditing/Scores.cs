using NoisyNN.Transforms.Onnx.Scoring;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>Runs batches of rows through a model.</summary>
sealed class Scores(OnnxBlockMapper mapper, AuditRows rows, CancellationToken cancellation)
{
    /// <summary>The scores of some rows that run as one batch, row after row.</summary>
    /// <exception cref="InvalidOperationException">The run failed, or a score is not finite.</exception>
    public float[] Of(ReadOnlySpan<int> batch)
    {
        cancellation.ThrowIfCancellationRequested();
        var values = new byte[batch.Length * mapper.Input.ByteLength];
        for (var slot = 0; slot < batch.Length; slot++)
            rows.Values[batch[slot]].CopyTo(values, slot * mapper.Input.ByteLength);
        OnnxResult result;
        try
        {
            result = mapper.Model.Session.Evaluate(mapper.Input, batch.Length, values, mapper.Output.Name);
        }
        catch (OnnxRunException failure)
        {
            throw mapper.Model.Explain(failure, $"a batch of {batch.Length} rows");
        }
        var scores = new float[result.Values.Length / OnnxElement.Size(result.ElementType)];
        OnnxElement.CopyTo(result.Values, result.ElementType, scores);
        return Array.TrueForAll(scores, float.IsFinite)
            ? scores
            : throw new InvalidOperationException($"'{mapper.Model.FileName}' gives a score that is not finite, so it has no accuracy.");
    }

    /// <summary>Whether each row is classified rightly, by row, when the rows run in this order.</summary>
    public bool[] Correct(int[] order, int batch)
    {
        var isCorrect = new bool[order.Length];
        for (var start = 0; start < order.Length; start += batch)
        {
            var members = order.AsSpan(start, Math.Min(batch, order.Length - start));
            var scores = Of(members);
            var classes = scores.Length / members.Length;
            for (var i = 0; i < members.Length; i++)
                isCorrect[members[i]] = ScoreColumns.IndexOfLargest(scores.AsSpan(i * classes, classes)) == rows.Classes[members[i]];
        }
        return isCorrect;
    }
}
