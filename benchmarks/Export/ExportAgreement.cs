using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Onnx;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Export;

/// <summary>How far a network's file is from the network, largest absolute differences over batches of 1, 2, 7 and 64 rows.</summary>
/// <param name="Float32">Of all outputs.</param>
/// <param name="Float16">The same of a file with weights of half precision, which lie in a file of their own.</param>
/// <param name="Batches">Of a row's predictions in a smaller batch to the same row's among 64.</param>
/// <param name="Refusal">What the exporter or onnx's checker has against one of the files; null if nothing.</param>
/// <param name="Bytes">The length of the file in single precision.</param>
/// <param name="Seconds">What it took.</param>
sealed record Agreement(double Float32, double Float16, double Batches, string? Refusal, long Bytes, double Seconds)
{
    // Written so that a difference that is not a number fails, too.
    public bool IsWithinLimits => Float32 <= 1e-4 && Float16 <= 1e-2 && Batches <= 1e-5 && Refusal is null;
}

/// <summary>
/// Every network that can be exported, with random weights, against its file in ONNX Runtime, and the file before onnx's checker. The
/// comparison is written anew here: it does not believe the one that the exporter makes.
/// </summary>
static class ExportAgreement
{
    const int MostRows = 64;

    // A network that was refused has differences that are not numbers.
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    static readonly int[] s_batches = [1, 2, 7, MostRows];

    /// <summary>Prints the differences, network by network; false if one is beyond its limit.</summary>
    /// <param name="selection">Names, or beginnings of names; none for all networks.</param>
    /// <param name="json">Whether the table goes to standard output as JSON.</param>
    public static bool Compare(IReadOnlyList<string> selection, bool json)
    {
        set_num_threads(2);
        var names = ExportedNetwork
            .Names.Where(name => selection.Count == 0 || selection.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
            .ToList();
        if (names.Count == 0)
            throw new ArgumentException(
                $"No network is called {string.Join(" or ", selection)}; the names are {string.Join(", ", ExportedNetwork.Names)}."
            );
        using var checker = new Peer(Path.Combine("Export", "check.py"), []);
        Console.Error.WriteLine(
            Invariant($"onnx {checker.Greeting.GetProperty("onnx")}; limits: float32 1e-4, float16 1e-2, between batches 1e-5")
        );
        var agreements = new Dictionary<string, Agreement>();
        foreach (var name in names)
        {
            var agreement = agreements[name] = Measure(name, checker);
            Console.Error.WriteLine(Line(name, agreement));
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(agreements, s_json));
        else
            Console.WriteLine(
                Invariant($"{agreements.Values.Count(agreement => agreement.IsWithinLimits)} of {agreements.Count} networks ")
                    + Invariant($"within the limits, {agreements.Values.Sum(agreement => agreement.Seconds):0} s")
            );
        return agreements.Values.All(agreement => agreement.IsWithinLimits);
    }

    static Agreement Measure(string name, Peer checker)
    {
        var clock = Stopwatch.StartNew();
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            using var network = ExportedNetwork.Create(name);
            var random = new Random(1);
            var rows = Enumerable.Range(0, MostRows * network.RowLength).Select(_ => network.Draw(random)).ToArray();
            var expected = s_batches.ToDictionary(batch => batch, batch => network.Compute(rows[..(batch * network.RowLength)], batch));

            var (single, half) = (Path.Combine(folder, "float32.onnx"), Path.Combine(folder, "float16.onnx"));
            network.Export(new(), single);
            var bytes = Directory.EnumerateFiles(folder).Sum(file => new FileInfo(file).Length);
            var refused = Check(checker, single);
            var (float32, batches) = Differences(single, network, rows, expected);
            Delete(folder);

            network.Export(new() { WeightPrecision = WeightPrecision.Float16, ExternalDataAbove = 0 }, half);
            refused ??= Check(checker, half);
            var (float16, _) = Differences(half, network, rows, expected);
            return new(float32, float16, batches, refused, bytes, clock.Elapsed.TotalSeconds);
        }
        catch (InvalidOperationException refused)
        {
            // The other networks are worth knowing all the same.
            return new(double.NaN, double.NaN, double.NaN, refused.Message, 0, clock.Elapsed.TotalSeconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static string? Check(Peer checker, string path)
    {
        var answer = checker.Ask(path);
        return answer.GetProperty("accepted").GetBoolean() ? null : answer.GetProperty("reason").GetString();
    }

    /// <summary>The file against the network, and its predictions in small batches against those in the largest one.</summary>
    static (double ToNetwork, double BetweenBatches) Differences(
        string path,
        ExportedNetwork network,
        float[] rows,
        Dictionary<int, float[][]> expected
    )
    {
        using var options = new SessionOptions { IntraOpNumThreads = 2 };
        using var session = new InferenceSession(path, options);
        using var run = new RunOptions();
        var (largest, between) = (0.0, 0.0);
        float[]? together = null;
        foreach (var batch in s_batches.Reverse())
        {
            using var input = OrtValue.CreateTensorValueFromMemory(
                rows[..(batch * network.RowLength)],
                [batch, .. network.InputShape.Select(size => (long)size)]
            );
            using var outputs = session.Run(run, [session.InputNames[0]], [input], network.Outputs);
            for (var output = 0; output < outputs.Count; output++)
                largest = Math.Max(largest, Largest(expected[batch][output], outputs[output].GetTensorDataAsSpan<float>()));
            var predictions = outputs[0].GetTensorDataAsSpan<float>();
            together ??= predictions.ToArray();
            between = Math.Max(between, Largest(together[..predictions.Length], predictions));
        }
        return (largest, between);
    }

    static double Largest(float[] expected, ReadOnlySpan<float> actual)
    {
        var largest = expected.Length == actual.Length ? 0.0 : double.NaN;
        // Math.Max passes on what is not a number.
        for (var index = 0; index < Math.Min(expected.Length, actual.Length); index++)
            largest = Math.Max(largest, Math.Abs((double)expected[index] - actual[index]));
        return largest;
    }

    static void Delete(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Delete(file);
    }

    static string Line(string name, Agreement agreement) =>
        Invariant(
            $"{name, -36} float32 {agreement.Float32:0.0e+0}  float16 {agreement.Float16:0.0e+0}  batches {agreement.Batches:0.0e+0}  checker {agreement.Refusal ?? "accepts"}  {agreement.Bytes / 1e6, 7:N1} MB  {agreement.Seconds, 5:0} s"
        );

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
