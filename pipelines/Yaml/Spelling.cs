namespace NoisyNN.Pipelines.Yaml;

/// <summary>Finds the word that was probably meant.</summary>
public static class Spelling
{
    /// <summary>A clause for an error message: the nearest word if one is near, otherwise all words.</summary>
    public static string Suggest(string written, IReadOnlyCollection<string> words)
    {
        var nearest = words.MinBy(word => Distance(written, word));
        return nearest is not null && Distance(written, nearest) <= Math.Max(2, nearest.Length / 3)
            ? $"did you mean '{nearest}'?"
            : $"valid here: {string.Join(", ", words)}";
    }

    /// <summary>Edit distance that counts a swap of neighbours as one edit (optimal string alignment), ignoring case.</summary>
    public static int Distance(string first, string second)
    {
        var table = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
            table[i, 0] = i;

        for (var j = 0; j <= second.Length; j++)
            table[0, j] = j;

        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
            {
                var substitution = Same(i, j) ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + substitution);
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j))
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[first.Length, second.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(first[i - 1]) == char.ToLowerInvariant(second[j - 1]);
    }
}
