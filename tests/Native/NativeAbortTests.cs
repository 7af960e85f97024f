using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Native;

/// <summary>What used to end the process inside libtorch, in a process of its own.</summary>
[TestClass]
public sealed class NativeAbortTests
{
    [TestMethod]
    public void Tensors_of_wrong_shapes_are_refused_by_an_exception_wherever_they_enter()
    {
        var (code, output, error) = ChildProcess.Run(OfferWrongShapes);
        Assert.AreEqual(0, code, $"The last line names what came before the end of the process. {output} {error}");
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(": refused by ", line);
        Assert.HasCount(9, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static void OfferWrongShapes()
    {
        using var transformer = new NoisyViT(
            new NoisyViTConfiguration
            {
                ImageSize = 8,
                PatchSize = 4,
                Channels = 1,
                Dimension = 8,
                Depth = 1,
                Heads = 2,
                ClassCount = 2,
            }
        );
        Offer("a transformer, wider images", () => transformer.call(zeros(2, 1, 8, 9)));
        Offer("a transformer, larger images", () => transformer.call(zeros(2, 1, 16, 16)));
        Offer("a transformer, three channels", () => transformer.call(zeros(2, 3, 8, 8)));
        using var attention = new Attention(dimension: 8, heads: 2);
        Offer("attention, wider tokens", () => attention.call(zeros(2, 5, 7)));
        Offer("attention, more queries than tokens", () => attention.forward(zeros(2, 5, 8), queryCount: 6));
        Offer("products of batches of different sizes", () => Products.Matmul(zeros(2, 3, 4), zeros(3, 4, 5), Precision.Float32));
        Offer("products of matrices that do not fit", () => Products.Matmul(zeros(2, 2, 3, 4), zeros(2, 2, 5, 6), Precision.Bfloat16));
        var threeTokens = QualityMatrixNoise.Of(new double[3, 3], MixAxis.Tokens);
        using var noise = new LatentNoise { Placement = new(threeTokens, NoiseSite.BlockInput) };
        Offer("a matrix for three tokens on five", () => noise.call(zeros(2, 5, 8)));
        var covariance = new JointCovariance(
            new double[,]
            {
                { 2, 0 },
                { 0, 2 },
            },
            new double[,]
            {
                { 1 },
                { 0 },
            },
            new double[,]
            {
                { 2 },
            }
        );
        Offer("a matrix for three coordinates on two", () => covariance.Transformed(new double[3, 3]));

        static void Offer(string what, Func<object> call)
        {
            Console.Write($"{what}: ");
            try
            {
                call();
                Console.WriteLine("accepted");
            }
            catch (Exception refused)
            {
                Console.WriteLine($"refused by {refused.GetType().Name}");
            }
        }
    }

    [TestMethod]
    public void A_product_that_no_memory_holds_is_an_exception()
    {
        var (code, _, error) = ChildProcess.Run(MultiplyBeyondMemory);
        Assert.AreEqual(1, code, error);
        Assert.Contains("you tried to allocate 281474976710656 bytes", error);
    }

    /// <summary>2^48 bytes are more than a process may address.</summary>
    static void MultiplyBeyondMemory() => Products.Matmul(zeros(1, 1, 1 << 23, 1), zeros(1, 1, 1, 1 << 23), Precision.Float32);

    [TestMethod]
    public void A_narrow_residual_network_learns_from_images_of_64_pixels()
    {
        // oneDNN of libtorch 2.10 wrote beyond the gradients of strided convolutions of 8 channels, channels last.
        var (code, output, error) = ChildProcess.Run(TrainNarrowNetwork);
        Assert.AreEqual(0, code, $"{output} {error}");
    }

    static void TrainNarrowNetwork()
    {
        foreach (var width in (int[])[8, 24])
        {
            using var network = new NoisyResNet(
                new NoisyResNetConfiguration
                {
                    ImageSize = 64,
                    Channels = 3,
                    Width = width,
                    ClassCount = 2,
                }
            );
            for (var step = 0; step < 3; step++)
            {
                using var scope = NewDisposeScope();
                nn.functional.cross_entropy(network.call(rand(16, 3, 64, 64) * 255), zeros(16, ScalarType.Int64)).backward();
            }
        }
    }

    [TestMethod]
    public void A_training_whose_attention_does_not_fit_into_memory_names_a_batch_size_to_try()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Memory is limited by prlimit, which Linux alone has.");
        var (code, output, error) = ChildProcess.Run(TrainWithLittleMemory);
        Assert.AreEqual(1, code, $"{output} {error}");
        Assert.StartsWith("InsufficientMemoryException: Out of memory. libtorch asked for another ", error);
        Assert.EndsWith(" MiB. The batch size is 512; try 256.", error.TrimEnd());
    }

    /// <summary>
    /// Images of 28 x 28 in patches of 2 have 197 tokens. Attention over 512 images in the first block takes 636 MB; there are 400 MB.
    /// </summary>
    static void TrainWithLittleMemory()
    {
        var ml = new MLContext(seed: 1);
        Train(rows: 16, batchSize: 8);
        Console.WriteLine("trained with a small batch");

        using (var process = Process.GetCurrentProcess())
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"--as={process.VirtualMemorySize64 + 400_000_000}");
            using var prlimit = Process.Start("prlimit", [limit, "--pid", $"{process.Id}"]);
            prlimit.WaitForExit();
        }
        Train(rows: 512, batchSize: 512);

        void Train(int rows, int batchSize) =>
            ml
                .Vision.NoisyViT(
                    new NoisyViTTrainer.Options
                    {
                        Network = new NoisyViTConfiguration
                        {
                            ImageSize = 28,
                            PatchSize = 2,
                            Channels = 1,
                            Dimension = 16,
                            Depth = 2,
                            Heads = 8,
                        },
                        MaxEpoch = 1,
                        BatchSize = batchSize,
                        ThreadCount = 1,
                    }
                )
                .Fit(Images(rows));

        IDataView Images(int count)
        {
            var classes = Enumerable.Range(0, count).Select(row => row % 2 == 0 ? "even" : "odd");
            var images = ml.Data.LoadFromEnumerable(classes.Select(name => new GreyImage { Label = name }));
            return ml.Transforms.Conversion.MapValueToKey("Label").Fit(images).Transform(images);
        }
    }

    sealed class GreyImage
    {
        [VectorType(1, 28, 28)]
        public float[] Pixels { get; set; } = new float[28 * 28];

        public string Label { get; set; } = "";
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1025)]
    [DataRow(100_000)]
    public void A_number_of_threads_that_libtorch_does_not_survive_is_refused_before_anything_begins(int threads)
    {
        var options = new NoisyViTTrainer.Options { ThreadCount = threads };
        var refused = Assert.ThrowsExactly<ArgumentException>(() => new MLContext(seed: 1).Vision.NoisyViT(options));
        Assert.StartsWith($"ThreadCount is {threads}; it must be from 0, which leaves libtorch's own number, to 1024.", refused.Message);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-5)]
    [DataRow(1025)]
    public void Nothing_sets_such_a_number_by_another_way(int threads) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThreadLimit.Set(threads));
}
