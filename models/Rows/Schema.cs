namespace NoisyNN.Models.Rows;

/// <summary>The errors of a view whose columns do not fit, worded alike everywhere, and ML.NET's names of annotations.</summary>
static class Schema
{
    public const string KeyValues = "KeyValues";

    public const string PixelRemedy = "ExtractPixels makes such a column from images";

    public static string KeyRemedy(string column) => $"append Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer";

    public static ArgumentOutOfRangeException Missing(string column, IEnumerable<string> present) =>
        Error($"The column '{column}' is not in the data, which has {string.Join(", ", present.Select(name => $"'{name}'"))}.");

    public static ArgumentOutOfRangeException Mismatch(string role, string column, string expected, string actual, string remedy) =>
        Error($"Schema mismatch for the {role} column '{column}': expected {expected}, got {actual}; {remedy}.");

    /// <summary>The type that ML.NET's own estimators throw.</summary>
    public static ArgumentOutOfRangeException Error(string message) => new(message, innerException: null);
}
