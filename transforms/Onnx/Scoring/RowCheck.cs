using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>What a model was seen to do with rows that run together.</summary>
/// <param name="MixesRows">Whether a row's result depends on the rows beside it.</param>
/// <param name="IsOneRowOnly">Whether the model runs with one row alone.</param>
/// <param name="Finding">What was seen, as a sentence; null if there is nothing to say.</param>
sealed record RowBehaviour(bool MixesRows, bool IsOneRowOnly, string? Finding);

/// <summary>
/// Runs a random row alone and between two others, and compares the results. They differ by rounding if the model treats rows one by one.
/// </summary>
static class RowCheck
{
    // Between two others, so that a model that looks at the row before, at the row after or at the first row shows it.
    const int Company = 3,
        Place = 1;

    /// <summary>The largest difference that counts as rounding, in shares of the row's largest value.</summary>
    internal const double Tolerance = 1e-3,
        HalfTolerance = 2e-2;

    /// <param name="model">The model.</param>
    /// <param name="input">The form of its rows.</param>
    /// <param name="output">The output to compare.</param>
    /// <exception cref="NotSupportedException">The output has no row for each row of the input.</exception>
    public static RowBehaviour Of(OnnxModel model, OnnxRows input, OnnxTensorInfo output)
    {
        if (input.FixedBatch == 1)
            return new(MixesRows: false, IsOneRowOnly: false, Finding: null);
        RowBehaviour? last = null;
        // Values near zero, then values like those of pixels: a model whose scores saturate with the ones shows itself with the others.
        foreach (var scale in input.ElementType == TensorElementType.UInt8 ? (float[])[255] : [1, 255])
        {
            last = new Trial(model, input, output, scale).Run();
            if (last.MixesRows || last.IsOneRowOnly)
                return last;
        }
        return last!;
    }

    sealed class Trial(OnnxModel model, OnnxRows input, OnnxTensorInfo output, float scale)
    {
        readonly Random _random = new(17);

        public RowBehaviour Run()
        {
            var (row, one, other) = (Row(), Row(), Row());
            // A model of fixed batch size cannot run a row alone: there the row has two kinds of company.
            Func<double[]> first = input.FixedBatch is { } rows ? () => Beside(row, one, rows) : () => ResultOf(row, 1, place: 0);
            double[] expected,
                actual;
            try
            {
                expected = first();
            }
            catch (OnnxRunException refused)
            {
                return Harmless with
                {
                    Finding = $"whether it mixes rows is not known, because it refused random values: {refused.Message}",
                };
            }
            try
            {
                actual = Beside(row, other, input.FixedBatch ?? Company);
            }
            catch (Exception refused) when (input.FixedBatch is null && refused is OnnxRunException or NotSupportedException)
            {
                return Harmless with
                {
                    IsOneRowOnly = true,
                    Finding = $"rows are scored one by one, because several at once failed: {refused.Message}",
                };
            }
            if (expected.Length != actual.Length)
                throw new NotSupportedException(
                    $"The output {output} of '{model.FileName}' has rows of {expected.Length} values in one batch and "
                        + $"of {actual.Length} in another, so it cannot be a column. Export it with rows of one length."
                );
            // A model with noise inside gives another result every time; that says nothing about the rows beside it.
            if (AreEqual(expected, actual) || !AreEqual(expected, first()))
                return Harmless;
            var index = Enumerable.Range(0, expected.Length).MaxBy(index => Math.Abs(expected[index] - actual[index]));
            return Harmless with
            {
                MixesRows = true,
                Finding = FormattableString.Invariant(
                    $"it mixes the rows of a batch: value {index} of the output '{output.Name}' for one and the same row was {expected[index]:g5} and, with other rows beside it, {actual[index]:g5}"
                ),
            };
        }

        static RowBehaviour Harmless { get; } = new(MixesRows: false, IsOneRowOnly: false, Finding: null);

        double[] Beside(byte[] row, byte[] company, int count)
        {
            var values = new byte[count * input.ByteLength];
            for (var slot = 0; slot < count; slot++)
                (slot == Place ? row : company).CopyTo(values, slot * input.ByteLength);
            return ResultOf(values, count, Place);
        }

        double[] ResultOf(byte[] values, int count, int place)
        {
            OnnxResult result;
            try
            {
                result = model.Session.Evaluate(input, count, values, output.Name);
            }
            catch (OnnxRunException refused) when (model.Cancellation.IsCancellationRequested)
            {
                throw model.Explain(refused, $"{count} random rows");
            }
            if (result.Shape.Length == 0 || result.Shape[0] != count)
                throw new NotSupportedException(
                    $"The output {output} of '{model.FileName}' does not have one row per row of the input: {count} rows gave [{string.Join(", ", result.Shape)}]. Export it with an output whose first dimension counts the rows."
                );
            var floats = new float[result.Values.Length / OnnxElement.Size(result.ElementType)];
            OnnxElement.CopyTo(result.Values, result.ElementType, floats);
            var length = floats.Length / count;
            return [.. floats.Skip(place * length).Take(length).Select(value => (double)value)];
        }

        bool AreEqual(double[] left, double[] right)
        {
            var tolerance =
                output.ElementType == TensorElementType.Float16 || input.ElementType == TensorElementType.Float16
                    ? HalfTolerance
                    : Tolerance;
            var largest = left.Concat(right).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            return left.Zip(right).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= tolerance * largest);
        }

        byte[] Row()
        {
            var values = new byte[input.ByteLength];
            if (input.ElementType == TensorElementType.UInt8)
            {
                _random.NextBytes(values);
                return values;
            }
            var floats = new float[input.Length];
            for (var index = 0; index < floats.Length; index++)
                floats[index] = (scale == 1 ? 2 * _random.NextSingle() - 1 : _random.NextSingle()) * scale;
            OnnxElement.CopyTo(floats, values, input.ElementType);
            return values;
        }
    }
}
