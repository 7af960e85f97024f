using System.Globalization;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Pipelines.Commands;

/// <summary>Predictions as lines of text: the image, the predicted class, its probability, and the probability of every class.</summary>
sealed class ScoreTable(TextWriter writer, IReadOnlyList<string> labels, char separator)
{
    /// <summary>Tabs for files that end in .tsv, else commas.</summary>
    public static char SeparatorOf(string path) => Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    public void WriteHeader() => writer.WriteLine(string.Join(separator, ((string[])["image", "predicted", "probability", .. labels]).Select(Field)));

    public void WriteRow(ReadOnlyMemory<char> name, ReadOnlySpan<float> scores)
    {
        var best = ScoreColumns.IndexOfLargest(scores);
        writer.Write(Field(name.ToString()));
        writer.Write(separator);
        writer.Write(best < 0 ? "" : Field(labels[best]));
        writer.Write(separator);
        Write(best < 0 ? float.NaN : scores[best]);
        foreach (var score in scores)
        {
            writer.Write(separator);
            Write(score);
        }
        writer.WriteLine();
    }

    void Write(float value)
    {
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out var length, "0.######", CultureInfo.InvariantCulture);
        writer.Write(digits[..length]);
    }

    /// <summary>A field of RFC 4180, or of a table with tabs, where what would break the line is escaped.</summary>
    string Field(string text) => separator == ','
        ? text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text.AsSpan().IndexOfAny("\t\r\n\\") < 0 ? text
        : text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\t", @"\t", StringComparison.Ordinal)
            .Replace("\r", @"\r", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
