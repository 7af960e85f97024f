using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Onnx.Auditing;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints the audit of a model.</summary>
static class AuditText
{
    public static void Print(Terminal terminal, ModelAudit audit, DataSource source)
    {
        var output = terminal.Output;
        output.WriteLine(FormattableString.Invariant($"{audit.Model} on {audit.RowCount:N0} {source.Split} images of {source.Data.Name}:"));
        terminal.Table(
            ["batch", "sorted by class", "shuffled", "leak index, points", "95 % interval", "p"],
            audit.Accuracies.GroupBy(accuracy => accuracy.Batch).Select(batch => Row(audit, batch.Key))
        );
        if (audit.LeakIndexes.Count > 1)
            output.WriteLine(
                $"Intervals are clustered by batch and by shuffled order, and corrected for {audit.LeakIndexes.Count} batch sizes."
            );
        foreach (var note in audit.Notes)
            output.WriteLine($"note: {note}");
        output.WriteLine(audit.Describe());
    }

    static string[] Row(ModelAudit audit, int batch)
    {
        var leak = audit.LeakIndexes.FirstOrDefault(leak => leak.Batch == batch);
        return leak is null
            ? [$"{batch}", Accuracy("alone"), Accuracy("alone"), "", "", ""]
            :
            [
                $"{batch}",
                Accuracy("sorted"),
                Accuracy("shuffled"),
                Points(leak.Value),
                leak.Interval is { } interval ? $"{Points(interval.Low)} to {Points(interval.High)}" : "too few batches differ",
                leak.PValue is { } p ? FormattableString.Invariant($"{p:0.000}") : "",
            ];

        string Accuracy(string order) =>
            FigureText.Share(audit.Accuracies.First(accuracy => accuracy.Batch == batch && accuracy.Order == order).Accuracy);
    }

    static string Points(double share) => FormattableString.Invariant($"{100 * share:+0.0;-0.0;0.0}");
}
