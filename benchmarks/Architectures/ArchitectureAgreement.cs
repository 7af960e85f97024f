using System.Globalization;
using System.Text.Json;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Benchmarks.Architectures;

/// <summary>
/// Our networks against torchvision's, or against plain PyTorch where it has none, from the same weights, images and labels: logits at
/// inference, logits, gradients and running averages of a training pass. Dropout is off, since no two programs draw the same noise; the
/// price of its information is in the loss. Both sides read the same safetensors file, ours written by us and read there by a few lines of
/// Python.
/// </summary>
static class ArchitectureAgreement
{
    const double Tolerance = 1e-4;

    // A deep residual network at random weights magnifies a difference in the last bit a million times. So a difference may also be as
    // large as what the peer's own values change by, times this, when its images change by 1e-7 of themselves.
    const double OwnChanges = 10;

    static readonly string[] s_columns = ["evaluation", "logits", "gradients", "buffers"];

    // What the price of information is divided by; few, so that its gradients are seen.
    const int TrainingRows = 1000;

    static readonly (string Name, ImageNetworkConfiguration Configuration, int BatchSize)[] s_networks =
    [
        ("noisy-resnet-18-micro-28", NoisyResNetConfiguration.Micro(28), 16),
        ("noisy-resnet-34", NoisyResNetConfiguration.ResNet34(imageSize: 96), 4),
        ("noisy-resnet-50", NoisyResNetConfiguration.ResNet50(imageSize: 96), 4),
        ("noisy-vit-micro-28", NoisyViTConfiguration.Micro(28), 16),
        ("noisy-vit-tiny-16-224", NoisyViTConfiguration.Tiny(), 4),
        ("all-cnn-micro-28", new AllCnnConfiguration { ClassCount = 10, FilterPercentage = 25 }, 16),
        (
            "all-cnn-32-softplus",
            AllCnnConfiguration.ForCifar(filterPercentage: 25) with
            {
                Dropout = new() { Prior = InformationPrior.LogNormal },
            },
            16
        ),
    ];

    /// <summary>Prints the largest absolute differences; false if one is above its limit.</summary>
    public static bool Compare(bool json)
    {
        set_num_threads(2);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            using var peer = new Peer(Path.Combine("Architectures", "architectures.py"), []);
            var differences = new Dictionary<string, Dictionary<string, double>>();
            foreach (var (name, configuration, batchSize) in s_networks)
            {
                var path = Path.Combine(folder, $"{name}.safetensors");
                Write(path, configuration, batchSize);
                differences[name] = peer.Ask(path).Deserialize<Dictionary<string, double>>()!;
                File.Delete(path);
            }
            Print(differences, json);
            // Written so that a difference that is not a number fails, too.
            return differences.Values.All(values =>
                s_columns.All(column => values[column] <= Math.Max(Tolerance, OwnChanges * values[$"{column}-own"]))
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Everything that the peer needs and everything that we compute from it.</summary>
    static void Write(string path, ImageNetworkConfiguration configuration, int batchSize)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = configuration.Create();
        RandomWeights.Fill(network);
        var pixels = rand(batchSize, configuration.Channels, configuration.ImageSize, configuration.ImageSize) * 255;
        var labels = randint(configuration.ClassCount, batchSize, dtype: ScalarType.Int64);
        if (network.NeedsDryRun)
            network.DryRun([pixels]);
        var arrays = network
            .state_dict()
            .Select(entry => KeyValuePair.Create($"weights.{entry.Key}", entry.Value.detach().clone()))
            .ToList();

        network.eval();
        using (no_grad())
            arrays.Add(new("evaluation", network.call(pixels)));
        network.train();
        if (network is AllCnn convolutional)
            convolutional.DropoutSwitch = NoiseSwitch.Off;
        var (logits, penalties) = network.ForwardWithPenalties(pixels, TrainingRows);
        penalties.Aggregate(functional.cross_entropy(logits, labels), (loss, term) => loss + term.Value * term.Weight).backward();
        arrays.AddRange([new("pixels", pixels), new("labels", labels), new("logits", logits)]);
        arrays.AddRange(network.named_parameters().Select(entry => KeyValuePair.Create($"gradients.{entry.name}", entry.parameter.grad!)));
        arrays.AddRange(network.named_buffers().Select(entry => KeyValuePair.Create($"buffers.{entry.name}", entry.buffer)));

        using var stream = File.Create(path);
        Safetensors.Write(
            stream,
            arrays,
            new Dictionary<string, string>
            {
                ["trainingRows"] = TrainingRows.ToString(CultureInfo.InvariantCulture),
                ["architecture"] = configuration.Architecture,
                ["configuration"] = JsonSerializer.Serialize(configuration, configuration.GetType()),
            }
        );
    }

    static void Print(Dictionary<string, Dictionary<string, double>> differences, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(differences));
            return;
        }

        Console.WriteLine(
            $"largest differences (what the peer's own values change by), limit {Tolerance.ToString("0e+0", CultureInfo.InvariantCulture)} or {OwnChanges} own changes"
        );
        Console.WriteLine($"{"", -28}{string.Concat(s_columns.Select(column => $"{column, 20}"))}");
        foreach (var (name, values) in differences)
            Console.WriteLine($"{name, -28}{string.Concat(s_columns.Select(column => $"{Text(values, column), 20}"))}");

        static string Text(Dictionary<string, double> values, string column) =>
            FormattableString.Invariant($"{values[column]:0.0e+0} ({values[$"{column}-own"]:0.0e+0})");
    }
}
