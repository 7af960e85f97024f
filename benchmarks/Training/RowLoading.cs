using System.Diagnostics;
using Microsoft.ML;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// Reading photographs for a training with a cursor per processor and with one; training a tiny network on them from a file and from
/// memory.
/// </summary>
static class RowLoading
{
    const int Files = 200,
        Rows = 2000,
        Rounds = 3;

    public static IReadOnlyList<Comparison> Compare()
    {
        var context = new MLContext(1);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            var files = Photographs.Write(folder, Files);
            var (all, one) = (
                Keyed(context, new Photographs(files, Rows, Environment.ProcessorCount)),
                Keyed(context, new Photographs(files, Rows, mostCursors: 1))
            );
            var reading = Turns(() => Read(all), () => Read(one));
            // A tenth of the rows is enough for a network whose step is cheaper than its rows are.
            var view = Keyed(context, new Photographs(files, Rows / 10, Environment.ProcessorCount));
            var training = Turns(
                () => Train(context, view, folder, rowMemoryBytes: 0),
                () => Train(context, view, folder, rowMemoryBytes: null)
            );
            return
            [
                new("reading", $"rows/s, {Environment.ProcessorCount} cursors against one", reading.Ours, reading.Peers),
                new("training", "images/s, rows in a mapped file against memory", training.Ours, training.Peers),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static IDataView Keyed(MLContext context, IDataView view) =>
        context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

    static double Read(IDataView view)
    {
        var watch = Stopwatch.StartNew();
        using var rows = RowStore.Read(
            view,
            new()
            {
                Role = "training",
                Shape = [Photographs.Channels, Photographs.Size, Photographs.Size],
                LabelColumnName = "Label",
                Labels = KeyColumn.Find(view.Schema, "Label").Labels,
            }
        );
        return Rows / watch.Elapsed.TotalSeconds;
    }

    static double Train(MLContext context, IDataView view, string folder, long? rowMemoryBytes)
    {
        var options = new NoisyViTTrainer.Options
        {
            Network = new()
            {
                ImageSize = Photographs.Size,
                PatchSize = 56,
                Channels = Photographs.Channels,
                Dimension = 32,
                Depth = 1,
                Heads = 2,
                MlpDimension = 32,
            },
            BatchSize = 20,
            MaxEpoch = 20,
            LogEverySteps = 0,
            Seed = 1,
            RowMemoryBytes = rowMemoryBytes,
            WorkspacePath = Path.Combine(folder, $"{Guid.NewGuid():N}"),
        };
        using var model = context.Vision.NoisyViT(options).Fit(view);
        return Comparison.Median(model.Training.Epochs.Select(epoch => epoch.ImagesPerSecond));
    }

    /// <summary>Medians of alternating turns, after one of each that does not count.</summary>
    static (double Ours, double Peers) Turns(Func<double> ours, Func<double> peers)
    {
        var turns = Enumerable.Range(0, 1 + Rounds).Select(_ => (Ours: ours(), Peers: peers())).Skip(1).ToArray();
        return (Comparison.Median(turns.Select(turn => turn.Ours)), Comparison.Median(turns.Select(turn => turn.Peers)));
    }
}
