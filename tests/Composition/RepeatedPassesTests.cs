using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary>A network that is computed again and again over one view is warned of once, with the remedy.</summary>
[TestClass]
public sealed class RepeatedPassesTests
{
    readonly PlantedImages _images = new();
    readonly List<string> _warnings = [];

    public RepeatedPassesTests() =>
        Context.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning && log.Message.Contains("AppendCacheCheckpoint", StringComparison.Ordinal))
                _warnings.Add(log.Message);
        };

    MLContext Context => _images.Context;

    [TestMethod]
    public void A_trainer_that_reads_its_rows_at_every_iteration_is_warned_of_once()
    {
        using var network = Network();
        Features(network).Append(Trainer).Fit(_images.View(30));

        Assert.HasCount(1, _warnings);
        Assert.Contains("'Embedding'", _warnings[0]);
        Assert.Contains("Data.Cache", _warnings[0]);
    }

    [TestMethod]
    public void With_a_checkpoint_the_network_is_computed_once_and_nothing_is_warned_of()
    {
        using var network = Network();
        var calls = 0;
        var counted = new CountedRows(_images.View(30), () => calls++);

        Features(network).AppendCacheCheckpoint(Context).Append(Trainer).Fit(counted);

        Assert.IsEmpty(_warnings);
        Assert.AreEqual(1, calls);
    }

    [TestMethod]
    public void A_third_pass_is_warned_of_and_a_second_is_not()
    {
        using var network = Network();
        var view = _images.View(30);
        var embedded = Features(network).Fit(view).Transform(view);
        Read(embedded);
        Read(embedded);
        // Another view over the same rows begins anew.
        Read(Features(network).Fit(view).Transform(view));
        Assert.IsEmpty(_warnings);

        Read(embedded);
        Read(embedded);
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void Passes_that_read_other_columns_or_few_rows_do_not_count()
    {
        using var network = Network();
        var view = _images.View(30);
        var embedded = Features(network).Fit(view).Transform(view);
        for (var pass = 0; pass < 5; pass++)
        {
            _ = embedded.GetColumn<uint>("Label").Count();
            _ = embedded.GetColumn<float[]>("Embedding").First();
        }
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void Scores_of_trained_networks_and_of_ONNX_files_are_warned_of_too()
    {
        using var folder = new TemporaryFolder();
        var view = _images.View(30);
        using var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view);
        Context.Vision.SaveAsOnnx(model, folder["model.onnx"]);
        using var scorer = Context.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"]).Fit(view);
        var (scored, batched) = (model.Transform(view), scorer.Transform(view));
        for (var pass = 0; pass < 3; pass++)
        {
            _ = scored.GetColumn<float[]>("Score").Count();
            _ = batched.GetColumn<float[]>("Score").Count();
        }
        Assert.HasCount(2, _warnings);
    }

    IEstimator<ITransformer> Trainer =>
        Context.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "Embedding", maximumNumberOfIterations: 5);

    IEstimator<ITransformer> Features(NoisyViT network) => Context.Vision.Features("Embedding", "Pixels", network);

    static void Read(IDataView view) => _ = view.GetColumn<float[]>("Embedding").Count();

    static NoisyViT Network() => new(PlantedImages.Network with { ClassCount = 3 });

    /// <summary>Counts the cursors over the pixels.</summary>
    sealed class CountedRows(IDataView source, Action opened) : IDataView
    {
        public DataViewSchema Schema => source.Schema;

        public bool CanShuffle => source.CanShuffle;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            var columns = columnsNeeded.ToArray();
            if (columns.Any(column => column.Name == "Pixels"))
                opened();
            return source.GetRowCursor(columns, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }
}
