using System.Runtime.InteropServices;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Process;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// One training step (batch 64, AdamW, label smoothing 0.1) of a micro ViT, about 53 GFLOP, and of a ResNet-18 of width 64: ours, in
/// float32 and with bfloat16 products; the peers' in plain TorchSharp and in Debian's eager PyTorch. All sides start from the same weights,
/// have two threads and take turns.
/// </summary>
static class TrainingStep
{
    public static readonly NoisyViTConfiguration Transformer = new()
    {
        ImageSize = RandomImages.Size,
        PatchSize = 4,
        ClassCount = RandomImages.Classes,
        Dimension = 192,
        Depth = 6,
        Heads = 3,
        MlpDimension = 768,
        Mean = [0.2860],
        StandardDeviation = [0.3530],
    };

    public static readonly NoisyResNetConfiguration ResNet = new()
    {
        ImageSize = RandomImages.Size,
        ClassCount = RandomImages.Classes,
        Width = 64,
        Mean = [0.2860],
        StandardDeviation = [0.3530],
    };

    public static IReadOnlyList<Comparison> Compare() =>
        [
            .. Compare(
                "",
                Transformer,
                nameof(PlainTransformer),
                StepProducts.Of(Transformer),
                hasPyTorch: true,
                rounds: 6,
                stepsPerTurn: 4
            ),
            .. Compare("resnet-", ResNet, nameof(PlainResNet), StepProducts.Of(ResNet), hasPyTorch: false, rounds: 6, stepsPerTurn: 2),
        ];

    static List<Comparison> Compare(
        string prefix,
        ClassifierConfiguration configuration,
        string plainName,
        IReadOnlyList<StepProducts> products,
        bool hasPyTorch,
        int rounds,
        int stepsPerTurn
    )
    {
        const string Unit = "ms a step",
            PeakUnit = "ms, the step's products alone and the step";
        set_num_threads(2);
        manual_seed(1);
        var rows = RandomImages.Rows(OwnStep.BatchSize);
        using var single = new OwnStep(WithoutHead(configuration.Create()), Precision.Float32, rows);
        using var brief = PrecisionSupport.ReasonOnProcessor() is null ? new OwnStep(Copy(single.Network), Precision.Bfloat16, rows) : null;
        using var folder = new WeightFolder(single);
        using var plain = Peer.Plain(plainName, folder.Path);
        using var pytorch = hasPyTorch ? new Peer(Path.Combine("Training", "training_step.py"), [folder.Path]) : null;

        Turns ours = new(stepsPerTurn),
            oursBrief = new(stepsPerTurn),
            plains = new(stepsPerTurn),
            pytorchs = new(stepsPerTurn);
        for (var round = 0; round < rounds; round++)
        {
            ours.Take(single);
            if (brief is not null)
                oursBrief.Take(brief);
            plains.Take(plain);
            if (pytorch is not null)
                pytorchs.Take(pytorch);
        }

        Turns.ThrowIfApart($"{prefix}float32 and plain TorchSharp", ours, plains, 1e-3);
        if (pytorch is not null)
            Turns.ThrowIfApart($"{prefix}float32 and PyTorch", ours, pytorchs, 1e-3);
        if (brief is not null)
            Turns.ThrowIfApart($"{prefix}bfloat16 and plain TorchSharp's float32", oursBrief, plains, 2e-3);
        else
            Console.Error.WriteLine($"no bfloat16: {PrecisionSupport.ReasonOnProcessor()}");

        var lines = new List<Comparison>
        {
            new($"{prefix}fp32-vs-plain", Unit, ours.Median, plains.Median),
            new($"{prefix}fp32-of-peak", PeakUnit, StepProducts.Milliseconds(products, Precision.Float32), ours.Median),
        };
        if (brief is not null)
        {
            lines.Add(new($"{prefix}bf16-vs-plain", Unit, oursBrief.Median, plains.Median));
            lines.Add(new($"{prefix}bf16-of-peak", PeakUnit, StepProducts.Milliseconds(products, Precision.Bfloat16), oursBrief.Median));
        }
        if (pytorch is not null)
            lines.Add(new($"{prefix}fp32-vs-pytorch", Unit, ours.Median, pytorchs.Median));
        return lines;
    }

    /// <summary>
    /// The network with a last layer of zeros, as a ViT's is anyway. A residual network's logits at random weights are large, and so is
    /// what bfloat16 rounds off in them.
    /// </summary>
    static Classifier WithoutHead(Classifier network)
    {
        using var gradients = no_grad();
        foreach (var (name, weight) in network.named_parameters())
            if (name is "fc.weight" or "head.weight")
                weight.zero_();
        return network;
    }

    static Classifier Copy(Classifier network)
    {
        var copy = network.Configuration.Create();
        copy.load_state_dict(network.state_dict());
        return copy;
    }

    /// <summary>A step's weights and rows as files of raw values, for peers to begin with.</summary>
    sealed class WeightFolder : IDisposable
    {
        public WeightFolder(OwnStep step)
        {
            foreach (var (name, tensor) in step.Network.state_dict())
                Write(name, tensor);
            Write("pixels", step.Rows.Pixels);
            Write("labels", step.Rows.Classes);
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);

        void Write(string name, Tensor tensor)
        {
            using var contiguous = tensor.detach().contiguous();
            File.WriteAllBytes(System.IO.Path.Combine(Path, name), MemoryMarshal.AsBytes(contiguous.bytes).ToArray());
        }
    }
}
