using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NoisyNN.Transforms.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// The peer that a user of TorchSharp would write, after TorchSharp's own examples: modules by hand, <c>torch.optim.AdamW</c>, a dispose
/// scope for each step. It runs in a process of its own and uses nothing of this project, whose libraries change settings of the whole
/// process.
/// </summary>
static class PlainTraining
{
    const int BatchSize = 64;
    const double LearningRate = 1e-4;

    /// <summary>
    /// Reads weights and rows from a folder, greets, and answers each line, a number of steps, with their times and losses.
    /// </summary>
    public static int Run(string networkName, string folder)
    {
        // Lets TorchSharp load on older Linux systems; compiled into this program, so that the library is not.
        OlderLinux.Register();
        set_num_threads(2);
        nn.Module<Tensor, Tensor> network = networkName == nameof(PlainTransformer) ? new PlainTransformer() : new PlainResNet();
        foreach (var (name, tensor) in network.state_dict())
            Read(folder, name, tensor);
        using var pixels = Read(folder, "pixels", zeros(BatchSize, 1, 28, 28));
        using var labels = Read(folder, "labels", zeros(BatchSize, dtype: ScalarType.Int64));
        // As usual: matrices decay, all else does not.
        var named = network
            .named_parameters()
            .ToLookup(entry => entry.parameter.dim() > 1 && entry.name is not ("cls_token" or "pos_embed"), entry => entry.parameter);
        using var optimizer = optim.AdamW(
            [
                new AdamW.ParamGroup(named[true], lr: LearningRate, weight_decay: 0.05),
                new AdamW.ParamGroup(named[false], lr: LearningRate, weight_decay: 0),
            ],
            lr: LearningRate
        );
        network.train();

        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name is "NoisyNN.Transforms" or "NoisyNN.Models"))
            throw new InvalidOperationException("The plain program loaded a library of this project, whose settings it must not have.");
        Say(new { ready = networkName });
        while (Console.ReadLine() is { } line)
        {
            var (milliseconds, losses) = (new List<double>(), new List<double>());
            for (var step = int.Parse(line, CultureInfo.InvariantCulture); step > 0; step--)
            {
                var start = Stopwatch.GetTimestamp();
                using (NewDisposeScope())
                {
                    optimizer.zero_grad();
                    var loss = nn.functional.cross_entropy(network.call(pixels), labels, label_smoothing: 0.1);
                    loss.backward();
                    optimizer.step();
                    losses.Add(loss.item<float>());
                }
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            Say(new { milliseconds, losses });
        }
        return 0;
    }

    static Tensor Read(string folder, string name, Tensor tensor)
    {
        File.ReadAllBytes(Path.Combine(folder, name)).CopyTo(tensor.bytes);
        return tensor;
    }

    static void Say<T>(T answer)
    {
        Console.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}
