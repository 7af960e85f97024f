using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Maps of several images that a network has computed at once, as one array for each image.</summary>
static class ImageMaps
{
    /// <summary>The maps of a tensor [N, h, w].</summary>
    public static float[][,] Of(Tensor maps)
    {
        var (count, height, width) = ((int)maps.shape[0], (int)maps.shape[1], (int)maps.shape[2]);
        var values = maps.cpu().contiguous().data<float>().ToArray();
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
