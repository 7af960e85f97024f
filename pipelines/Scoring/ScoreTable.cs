using System.Globalization;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Predictions as lines of text: the image, the predicted class, its probability, and the probability of every class.</summary>
/// <param name="writer">Receives the lines.</param>
/// <param name="labels">The classes, or the names of other values.</param>
/// <param name="separator">The separator between fields.</param>
/// <param name="unit">The name of the first column.</param>
/// <param name="isPlain">Whether the values are not probabilities, so that no class is predicted.</param>
sealed class ScoreTable(TextWriter writer, IReadOnlyList<string> labels, char separator, string unit = "image", bool isPlain = false)
{
    /// <summary>Tabs for files that end in .tsv, else commas.</summary>
    public static char SeparatorOf(string path) => Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    public void WriteHeader() =>
        writer.WriteLine(
            string.Join(separator, ((string[])[unit, .. isPlain ? [] : (string[])["predicted", "probability"], .. labels]).Select(Field))
        );

    public void WriteRow(ReadOnlyMemory<char> name, ReadOnlySpan<float> scores)
    {
        writer.Write(Field(name.ToString()));
        if (!isPlain)
        {
            var best = ScoreColumns.IndexOfLargest(scores);
            writer.Write(separator);
            writer.Write(best < 0 ? "" : Field(labels[best]));
            Write(best < 0 ? float.NaN : scores[best]);
        }
        foreach (var score in scores)
            Write(score);
        writer.WriteLine();
    }

    void Write(float value)
    {
        writer.Write(separator);
        Span<char> digits = stackalloc char[64];
        // Six decimals are enough for a probability. Other values are written so that reading them gives the same number.
        value.TryFormat(digits, out var length, isPlain ? "R" : "0.######", CultureInfo.InvariantCulture);
        writer.Write(digits[..length]);
    }

    string Field(string text) => TableField.Of(text, separator);
}
