using System.Globalization;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;

namespace NoisyNN.Benchmarks.Serving;

/// <summary>
/// The serving sample under load: how long answers take at half of what it can do against an idle server, and what many minutes of good,
/// bad and hostile requests do to it while models change. Server and clients share the processors.
/// </summary>
static class ServerLoad
{
    static readonly TimeSpan s_phase = TimeSpan.FromSeconds(60);

    /// <param name="arguments"><c>--minutes N</c>, <c>--swaps N</c>, <c>--rate N</c> (mixed requests a second), <c>--trusted</c>.</param>
    /// <returns>0 if every request had its right answer.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var minutes = Number(arguments, "--minutes", 30);
        var swaps = Number(arguments, "--swaps", 1000);
        var rate = Number(arguments, "--rate", double.NaN);
        var folder = Directory.CreateTempSubdirectory("noisynn-load-");
        try
        {
            string[] models = [Export(folder, "first", seed: 1), Export(folder, "second", seed: 2)];
            var model = Path.Combine(folder.FullName, "model.onnx");
            File.Copy(models[0], model);
            using var server = await LoadedServer.StartAsync(model, arguments.Contains("--trusted"));
            var clients = new LoadClients(server);

            await clients.CloseAsync(clientCount: 4, s_phase / 6); // warm
            var idle = await clients.OpenAsync(perSecond: 5, s_phase);
            var most = await clients.CloseAsync(clientCount: 4, s_phase);
            var half = await clients.OpenAsync(most.Rate / 2, s_phase);
            Print($"idle (5 a second): p50 {idle.Quantile(0.5):0.0} ms, p95 {idle.Quantile(0.95):0.0} ms");
            Print($"4 clients without a pause: {most.Rate:0} requests a second");
            Print($"half of that: {half.Rate:0} requests a second, p50 {half.Quantile(0.5):0.0} ms, p95 {half.Quantile(0.95):0.0} ms");
            Print($"p95 at half load over the idle one: {half.Quantile(0.95) / idle.Quantile(0.95):0.00}");

            var mixed = new MixedLoad(server, double.IsNaN(rate) ? most.Rate / 2 : rate, TimeSpan.FromMinutes(minutes));
            await mixed.RunAsync(model, models, swaps);
            mixed.Print(Print);
            var exitCode = await server.StopAsync();
            Print($"exit code of the server: {exitCode}");
            return mixed.IsRight && exitCode == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>A network of 64 x 64 colours and ten classes; another seed makes another one of the same form.</summary>
    static string Export(DirectoryInfo folder, string name, int seed)
    {
        var configuration = new NoisyViTConfiguration
        {
            ImageSize = 64,
            PatchSize = 8,
            ClassCount = 10,
            Dimension = 64,
            Depth = 2,
            Heads = 4,
            MlpDimension = 128,
        };
        using var network = RandomWeights.Create(configuration, seed);
        var path = Path.Combine(folder.FullName, $"{name}.onnx");
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, path);
        return path;
    }

    static double Number(string[] arguments, string name, double otherwise) =>
        arguments.SkipWhile(argument => argument != name).ElementAtOrDefault(1) is { } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
