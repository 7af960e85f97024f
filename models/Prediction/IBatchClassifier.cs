namespace NoisyNN.Models.Prediction;

/// <summary>Something that turns a batch of rows into logits: a trained network, or an exported one.</summary>
public interface IBatchClassifier
{
    /// <summary>The values of one row: C·H·W raw pixels, planar, 0..255.</summary>
    int InputLength { get; }

    /// <summary>The number of logits of a row.</summary>
    int ClassCount { get; }

    /// <summary>
    /// Classifies <paramref name="rowCount"/> rows as one batch of exactly these rows, so that noise across the batch mixes them and
    /// nothing else.
    /// </summary>
    /// <param name="rows">rowCount x <see cref="InputLength"/> values, row-major.</param>
    /// <param name="rowCount">At least 1.</param>
    /// <param name="logits">Receives rowCount x <see cref="ClassCount"/> values, row-major.</param>
    void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits);
}
