using System.Text;
using System.Text.Json.Nodes;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>Gathers the <c>metrics.jsonl</c> of the trainings of a run into one file, each line with the name of its training.</summary>
static class MetricsLog
{
    public const string FileName = "metrics.jsonl";

    public static void Merge(RunFolder folder, IEnumerable<string> runs)
    {
        var lines = new StringBuilder();
        foreach (var run in runs)
        foreach (var line in File.ReadLines(Path.Combine(folder.TrainingPath(run), FileName)))
        {
            var report = JsonNode.Parse(line)!.AsObject();
            report.Insert(0, "run", run);
            lines.Append(report.ToJsonString()).Append('\n');
        }
        AtomicFile.WriteText(folder.MetricsPath, lines.ToString());
    }
}
