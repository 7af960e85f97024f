using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.Entropy.Advice;

namespace NoisyNN.Tests.Entropy;

/// <summary>Planted rows as the text of a CSV file.</summary>
static class NumberFiles
{
    /// <summary>The rows of <see cref="AdvicePlanted.Nuisance"/>, with their class in the last column.</summary>
    public static string Nuisance(int count)
    {
        var view = AdvicePlanted.Nuisance(new MLContext(seed: 1), count);
        var lines = view.GetColumn<float[]>("Features")
            .Zip(
                view.GetColumn<string>("Class"),
                (row, label) => string.Join(',', [.. row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)), label])
            );
        return string.Join('\n', [string.Join(',', [.. Enumerable.Range(0, 15).Select(i => $"x{i}"), "class"]), .. lines]) + "\n";
    }
}
