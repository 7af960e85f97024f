using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>The step that <see cref="TrainingLoop"/> does, on the same rows again and again: a micro ViT of dim 192, depth 6, heads 3, patch 4 on 28 x 28 grey.</summary>
sealed class MicroTransformer : IDisposable
{
    public const int BatchSize = 64, Classes = 10, Size = 28;

    // Without a warm-up, ten steps at 1e-3 jump about, and any rounding grows to a tenth of the loss.
    const double LearningRate = 1e-4;

    readonly Batch _batch = new(BatchSize, 1, Size, Size);
    readonly Companion? _companion = Companion.Create(CPU);
    readonly Objective _objective;
    readonly Gradients _gradients;
    readonly Optimization _optimization;

    public MicroTransformer(Precision precision, LabelledPixels rows, IReadOnlyDictionary<string, Tensor>? weights = null)
    {
        Network = new NoisyViT(new()
        {
            ImageSize = Size, PatchSize = 4, ClassCount = Classes, Dimension = 192, Depth = 6, Heads = 3, MlpDimension = 768, Mean = [0.2860], StandardDeviation = [0.3530],
        });
        if (weights is not null)
            Network.load_state_dict(new(weights));
        Network.train();
        Network.SetPrecision(precision);
        var options = new NoisyViTTrainer.Options { LabelSmoothing = 0.1, WeightDecay = 0.05, ClipNorm = 0 };
        _objective = Objective.Create(options, rows.CountClasses(Classes), CPU);
        _gradients = new Gradients(Network, CPU, _objective, BatchSize, BatchSize, _companion);
        _optimization = new Optimization(Network, options);
        _batch.Fill(rows, [.. Enumerable.Range(0, BatchSize)]);
    }

    public NoisyViT Network { get; }

    public Batch Rows => _batch;

    public double Step()
    {
        var (loss, _, _) = _gradients.Compute(_batch);
        _optimization.Step(LearningRate);
        return loss;
    }

    /// <summary>Random images with random labels.</summary>
    public static LabelledPixels RandomRows(int count)
    {
        var view = RandomView(new MLContext(), count);
        return LabelledPixels.Read(view, "training", "Pixels", [1, Size, Size], KeyColumn.Find(view.Schema, "Label"));
    }

    /// <inheritdoc cref="RandomRows"/>
    public static IDataView RandomView(MLContext context, int count)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, count).Select(index => new Row
        {
            Pixels = [.. Enumerable.Range(0, Size * Size).Select(_ => (float)random.Next(256))],
            Label = index < Classes ? $"{index}" : $"{random.Next(Classes)}",
        }).ToArray();
        var view = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    public void Dispose()
    {
        _optimization.Dispose();
        _objective.Dispose();
        _companion?.Dispose();
        _batch.Dispose();
        Network.Dispose();
    }

    sealed class Row
    {
        [VectorType(1, Size, Size)]
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
