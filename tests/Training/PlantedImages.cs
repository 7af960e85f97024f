using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;

namespace NoisyNN.Tests.Training;

/// <summary>
/// Grey 6 x 6 images whose class is the place of a bright square, over random pixels: a problem that a tiny network learns in seconds.
/// </summary>
sealed class PlantedImages
{
    public static readonly string[] Labels = ["left", "right", "below"];

    static readonly (int Row, int Column)[] Places = [(0, 0), (0, 3), (3, 1)];

    readonly ITransformer _keys;

    public PlantedImages(int seed = 1)
    {
        Context = new MLContext(seed);
        _keys = Context
            .Transforms.Conversion.MapValueToKey("Label")
            .Fit(Context.Data.LoadFromEnumerable(Labels.Select(label => new Row { Label = label })));
    }

    public MLContext Context { get; }

    public static NoisyViTConfiguration Network =>
        new()
        {
            ImageSize = 6,
            PatchSize = 3,
            Channels = 1,
            Dimension = 16,
            Depth = 2,
            Heads = 2,
            MlpDimension = 24,
        };

    /// <summary>Rows with the label as a key.</summary>
    public IDataView View(int count, int seed = 1) => _keys.Transform(TextView(count, seed));

    /// <summary>Rows with the label as text.</summary>
    public IDataView TextView(int count, int seed = 1) => Context.Data.LoadFromEnumerable(Rows(count, seed));

    public IDataView View(IEnumerable<Row> rows) => _keys.Transform(Context.Data.LoadFromEnumerable(rows.ToArray()));

    public static Row[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                {
                    var place = index % Labels.Length;
                    var pixels = Enumerable.Range(0, 36).Select(_ => (float)random.Next(100)).ToArray();
                    for (var offset = 0; offset < 9; offset++)
                        pixels[(Places[place].Row + offset / 3) * 6 + Places[place].Column + offset % 3] = 155 + random.Next(100);
                    return new Row { Pixels = pixels, Label = Labels[place] };
                }),
        ];
    }

    public NoisyViTTrainer.Options Options(int epochs = 2) =>
        new()
        {
            Network = Network,
            MaxEpoch = epochs,
            BatchSize = 16,
            LearningRate = 3e-3,
            WarmupEpochs = 0.5,
            Seed = 7,
            LogEverySteps = 0,
        };

    public sealed class Row
    {
        [VectorType(1, 6, 6)]
        public float[] Pixels { get; set; } = new float[36];

        public string? Label { get; set; }
    }
}
