using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Images;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Looks where in a few test images a network with Information Dropout takes its information from.</summary>
static class InformationMapping
{
    /// <summary>How many images.</summary>
    public const int ImageCount = 8;

    /// <summary>The maps of the first test images of each class; null for a network whose noise does not depend on its input.</summary>
    public static InformationGallery? Map(TrainedPipeline pipeline, ImageDataSet data, RowStore test)
    {
        if (pipeline.Network is not IInformationMaps { NoiseDependsOnInput: true } network)
            return null;

        var rows = FirstOfEachClass([.. Enumerable.Range(0, test.Count).Select(test.ClassOf)]);
        var values = Array.ConvertAll(rows, test.ValuesOf);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = tensor(values.SelectMany(row => row).ToArray(), device: pipeline.Trained.Device)
            .reshape(rows.Length, data.Channels, data.Height, data.Width);
        var penalties = pipeline.Training.Epochs.FirstOrDefault(epoch => epoch.Epoch == pipeline.Training.BestEpoch)?.Penalties;
        return new InformationGallery(
            pipeline.Run,
            new ImageShape(data.Channels, data.Height, data.Width),
            [.. rows.Zip(values, (row, pixels) => (data.Labels[test.ClassOf(row)], Bytes(pixels)))],
            [
                .. network
                    .InformationMaps(pixels)
                    .Select(map => new InformationLayer(
                        map.Layer,
                        Maps(map.Nats),
                        penalties?.TryGetValue(map.Layer, out var nats) == true ? nats : null
                    )),
            ]
        );
    }

    /// <summary>The first row of each class, then the second ones, until there are enough; classes in their order.</summary>
    internal static int[] FirstOfEachClass(IReadOnlyList<int> labels) =>
        [
            .. labels
                .Select((label, row) => (label, row))
                .GroupBy(pair => pair.label)
                .SelectMany(rows => rows.Take(ImageCount).Select((pair, rank) => (pair.label, pair.row, rank)))
                .OrderBy(pair => pair.rank)
                .ThenBy(pair => pair.label)
                .Take(ImageCount)
                .OrderBy(pair => pair.label)
                .Select(pair => pair.row),
        ];

    static byte[] Bytes(ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(pixels[i]), 0, 255);
        return bytes;
    }

    static float[][,] Maps(Tensor nats)
    {
        var (count, height, width) = ((int)nats.shape[0], (int)nats.shape[1], (int)nats.shape[2]);
        var values = nats.cpu().contiguous().data<float>().ToArray();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(image =>
                {
                    var map = new float[height, width];
                    Buffer.BlockCopy(values, image * height * width * sizeof(float), map, 0, height * width * sizeof(float));
                    return map;
                }),
        ];
    }
}
