using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Optimization;

/// <summary>The fused optimiser against TorchSharp's.</summary>
[TestClass]
public class FusedAdamWTests
{
    static readonly (double Rate, double Decay)[] Settings = [(1e-2, 0.05), (3e-3, 0)];

    [TestMethod]
    public void It_takes_the_steps_of_TorchSharps_AdamW()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        foreach (var (rate, decay) in Settings)
        {
            long[][] shapes =
            [
                [7, 33],
                [129],
                [],
                [3, 4, 5, 2],
            ];
            var own = shapes.Select(shape => randn(shape).requires_grad_(true)).ToArray();
            var theirs = own.Select(weight => new TorchSharp.Modules.Parameter(weight.detach().clone())).ToArray();
            using var optimizer = optim.AdamW(theirs, lr: rate, weight_decay: decay);
            var states = own.Select(weight => new FusedAdamW.State(weight)).ToArray();
            for (var step = 0; step < 30; step++)
            {
                for (var index = 0; index < own.Length; index++)
                {
                    var gradient = randn(shapes[index]) * Math.Pow(10, step % 5 - 3);
                    (own[index].grad, theirs[index].grad) = (gradient, gradient.clone());
                }
                FusedAdamW.Step(states, rate, decay);
                optimizer.step();
                foreach (var (one, other) in own.Zip(theirs))
                    Assert.IsLessThan(1e-6f, ((one - other).abs() / (other.abs() + 1e-2)).max().item<float>());
            }
            Assert.AreEqual(30f, states[0].Steps.item<float>());
            foreach (var state in states)
                state.Dispose();
        }
    }

    [TestMethod]
    public void Weights_without_a_gradient_keep_their_values_and_their_count()
    {
        using var network = TinyNetwork.Create();
        using var optimization = new NetworkOptimizer(network, weightDecay: 0.1);
        var before = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.detach().clone());
        network.get_parameter("norm.weight")!.grad = ones_like(before["norm.weight"]);
        Assert.IsTrue(optimization.Step(0.01));
        foreach (var (name, parameter) in network.named_parameters())
            Assert.AreEqual(name == "norm.weight" ? 0.01 : 0, (parameter - before[name]).abs().max().item<float>(), 1e-6, name);
        Assert.AreEqual(1, optimization.Steps.Sum());
    }
}
