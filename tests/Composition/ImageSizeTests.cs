using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Hosted;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Composition;

/// <summary>Networks take the size and the channels of their images from the column's type, or say what is missing there.</summary>
[TestClass]
public sealed class ImageSizeTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1, 28, 4)]
    [DataRow(3, 32, 4)]
    [DataRow(3, 30, 5)]
    [DataRow(4, 6, 1)]
    [DataRow(1, 64, 8)]
    public void A_transformer_takes_sizes_and_a_patch_that_divides_them(int channels, int size, int patch)
    {
        using var model = _context.Vision.NoisyViT(maxEpoch: 1).Fit(View(channels, size, size));
        var network = ((NoisyViT)model.Network).Configuration;
        Assert.AreEqual((channels, size, patch), (network.Channels, network.ImageSize, ((NoisyViTConfiguration)network).PatchSize));
    }

    [TestMethod]
    public void Every_image_network_takes_its_sizes_from_the_column()
    {
        var view = View(3, 12, 12);
        NetworkTransformer[] models =
        [
            _context.Vision.NoisyResNet(maxEpoch: 1).Fit(view),
            _context.Vision.AllCnn(Brief(new AllCnnTrainer.Options { Network = new() { Widths = [4, 6] } })).Fit(view),
            _context
                .Vision.Trainer(
                    classes => nn.Sequential(("flat", nn.Flatten()), ("head", nn.Linear(3 * 12 * 12, classes))),
                    Brief(new ModuleTrainer.Options())
                )
                .Fit(view),
        ];
        foreach (var model in models)
        {
            Assert.AreSequenceEqual([3, 12, 12], model.Network.InputShape, $"{model.Network.GetName()}");
            model.Dispose();
        }
    }

    [TestMethod]
    public void Sizes_that_were_given_are_kept_and_must_fit()
    {
        var options = Brief(
            new NoisyResNetTrainer.Options
            {
                Network = new()
                {
                    Width = 4,
                    ImageSize = 28,
                    Channels = 1,
                },
            }
        );
        Refused(() => _context.Vision.NoisyResNet(options).Fit(View(3, 12, 12)), "1 x 28 x 28", "3 x 12 x 12", "ImageSize");
    }

    [TestMethod]
    public void A_flat_vector_is_refused_with_both_remedies_unless_a_size_was_given()
    {
        Refused(
            () => _context.Vision.NoisyResNet(maxEpoch: 1).Fit(View(3 * 12 * 12)),
            "'Pixels'",
            "flat vector of 432",
            "[VectorType(",
            "ImageSize and Channels"
        );

        foreach (
            var network in new NoisyResNetConfiguration[]
            {
                new() { Width = 4, ImageSize = 12 },
                new() { Width = 4, Channels = 3 },
            }
        )
        {
            using var model = _context
                .Vision.NoisyResNet(Brief(new NoisyResNetTrainer.Options { Network = network }))
                .Fit(View(3 * 12 * 12));
            Assert.AreSequenceEqual([3, 12, 12], model.Network.InputShape);
        }
        var other = Brief(
            new NoisyResNetTrainer.Options
            {
                Network = new() { Width = 4, ImageSize = 13 },
            }
        );
        Refused(() => _context.Vision.NoisyResNet(other).Fit(View(3 * 12 * 12)), "flat vector");
    }

    [TestMethod]
    public void Interleaved_pixels_are_refused_with_the_way_to_planar_ones()
    {
        Refused(() => _context.Vision.NoisyResNet(maxEpoch: 1).Fit(View(12, 12, 3)), "interleaved", "interleavePixelColors");
        var given = Brief(
            new NoisyResNetTrainer.Options
            {
                Network = new()
                {
                    Width = 4,
                    ImageSize = 12,
                    Channels = 3,
                },
            }
        );
        Refused(() => _context.Vision.NoisyResNet(given).Fit(View(12, 12, 3)), "interleaved", "interleavePixelColors");
    }

    [TestMethod]
    public void One_channel_is_read_in_either_layout()
    {
        foreach (var dimensions in new int[][] { [12, 12, 1], [12, 12] })
        {
            using var model = _context.Vision.NoisyResNet(maxEpoch: 1).Fit(View(dimensions));
            Assert.AreSequenceEqual([1, 12, 12], model.Network.InputShape);
            Assert.AreEqual(12, model.Transform(View(dimensions)).GetColumn<float[]>("Score").Count());
        }
    }

    [TestMethod]
    public void Images_that_are_not_square_or_cannot_be_cut_into_patches_are_refused()
    {
        Refused(() => _context.Vision.NoisyResNet(maxEpoch: 1).Fit(View(3, 12, 10)), "square", "3 x 12 x 10");
        var error = Assert.Throws<ArgumentException>(() => _context.Vision.NoisyViT(maxEpoch: 1).Fit(View(1, 31, 31)));
        Assert.Contains("31 x 31", error.Message);
        Assert.Contains("PatchSize", error.Message);
    }

    [TestMethod]
    public void Interleaved_floats_before_an_ONNX_file_are_refused_with_the_way_to_planar_ones()
    {
        using var folder = new TemporaryFolder();
        using (var model = _context.Vision.NoisyResNet(maxEpoch: 1).Fit(View(3, 12, 12)))
            _context.Vision.SaveAsOnnx(model, folder["model.onnx"]);
        Refused(() => _context.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"]).Fit(View(12, 12, 3)), "interleavePixelColors");
    }

    static TOptions Brief<TOptions>(TOptions options)
        where TOptions : TrainingOptions
    {
        (options.MaxEpoch, options.LogEverySteps, options.Seed) = (1, 0, 1);
        return options;
    }

    static void Refused(Action fit, params string[] parts)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(fit);
        foreach (var part in parts)
            Assert.Contains(part, error.Message);
    }

    IDataView View(params int[] dimensions)
    {
        var random = new Random(1);
        var definition = SchemaDefinition.Create(typeof(Image));
        definition[nameof(Image.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        var length = dimensions.Aggregate((product, size) => product * size);
        var view = _context.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 12)
                .Select(index => new Image
                {
                    Pixels = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(256))],
                    Label = $"{index % 2}",
                })
                .ToArray(),
            definition
        );
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    sealed class Image
    {
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
