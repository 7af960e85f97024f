using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Tests.Experiments.Listing;

/// <summary>Writes the folder of a run as a training would leave it, without a training.</summary>
static class WrittenRun
{
    /// <summary>The summary of a single run with one network.</summary>
    public static Summary Summary(string name, double accuracy, DateTimeOffset finished) =>
        new()
        {
            Name = name,
            Finished = finished,
            TotalSeconds = 10,
            Engines = new("5.0.1", "0.107.0", "1.31.1", "cpu", 1),
            Command = "./noisynn train file.yaml",
            Seed = 1,
            Dataset = new("photos", 72, 8, 20, new string('a', 64)),
            Runs = [new("vanilla", "no noise", accuracy, accuracy, accuracy - 0.1, accuracy + 0.1, 2, 2, 5, 100, 1000)],
            Protocol = [],
            Leaks = [],
        };

    /// <summary>A complete run.</summary>
    public static string Complete(TemporaryFolder folder, string name, string settings, double accuracy, int day)
    {
        var path = Begun(folder, name, settings);
        File.WriteAllText(
            Path.Combine(path, "summary.json"),
            Summary(name, accuracy, new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero)).ToJson()
        );
        File.WriteAllText(Path.Combine(path, "report.html"), "<title>report</title>");
        File.WriteAllLines(
            Path.Combine(path, "metrics.jsonl"),
            [
                """{"run":"vanilla","epoch":1,"epochCompleted":false,"loss":2}""",
                """{"run":"vanilla","epoch":1,"epochCompleted":true,"validationAccuracy":0.5}""",
                """{"run":"vanilla","epoch":2,"epochCompleted":true,"validationAccuracy":0.75}""",
            ]
        );
        return path;
    }

    /// <summary>A run without a summary: in progress or interrupted.</summary>
    public static string Begun(TemporaryFolder folder, string name, string settings)
    {
        var path = folder[$"runs/{name}"];
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "experiment.yaml"), $"name: {name}\n{settings}\n");
        return path;
    }
}
