using System.Text;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class OptimizerTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    private static void Differentiate(Parameter parameter, float gradient)
    {
        parameter.grad = null;
        (parameter * gradient).sum().backward();
    }

    /// <summary>Loshchilov and Hutter (2019), algorithm 2, for one number.</summary>
    private static double[] AdamWByHand(double start, float[] gradients, double rate, double beta1, double beta2, double eps, double decay)
    {
        double x = start, mean = 0, square = 0;
        var path = new List<double>();
        for (var t = 1; t <= gradients.Length; t++)
        {
            var gradient = gradients[t - 1];
            x *= 1 - (rate * decay);
            mean = (beta1 * mean) + ((1 - beta1) * gradient);
            square = (beta2 * square) + ((1 - beta2) * gradient * gradient);
            x -= rate * (mean / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(square / (1 - Math.Pow(beta2, t))) + eps);
            path.Add(x);
        }
        return [.. path];
    }

    [TestMethod]
    public void AdamW_takes_the_steps_of_its_paper()
    {
        var parameter = nn.Parameter(tensor(new float[] { 1 }));
        using var optimizer = optim.AdamW(new[] { parameter }, lr: 0.1, beta1: 0.8, beta2: 0.9, weight_decay: 0.5);
        float[] gradients = [0.5f, -2, 0.25f, 1];
        var expected = AdamWByHand(1, gradients, 0.1, 0.8, 0.9, 1e-8, 0.5);
        for (var t = 0; t < gradients.Length; t++)
        {
            Differentiate(parameter, gradients[t]);
            optimizer.step();
            Assert.AreEqual(expected[t], parameter.item<float>(), 1e-6, $"step {t + 1}");
        }
    }

    [TestMethod]
    public void A_parameter_without_gradient_waits_and_later_starts_at_its_own_first_step()
    {
        Parameter active = nn.Parameter(tensor(new float[] { 1 })), late = nn.Parameter(tensor(new float[] { 1 }));
        using var optimizer = optim.AdamW(new[] { active, late }, lr: 0.1);
        Differentiate(active, 1);
        optimizer.step();
        Assert.AreEqual(1f, late.item<float>());
        Differentiate(active, 1);
        Differentiate(late, 3);
        optimizer.step();
        // The first step of Adam is the rate itself, whatever the gradient.
        Assert.AreEqual(0.9, late.item<float>(), 1e-6);
        Assert.AreEqual(AdamWByHand(1, [1, 1], 0.1, 0.9, 0.999, 1e-8, 0)[1], active.item<float>(), 1e-6);
    }

    [TestMethod]
    public void Groups_have_their_own_rates_and_decays()
    {
        Parameter decayed = nn.Parameter(tensor(new float[] { 1 })), plain = nn.Parameter(tensor(new float[] { 1 }));
        using var optimizer = optim.AdamW(new[] { new AdamW.ParamGroup([decayed], weight_decay: 0.5), new AdamW.ParamGroup([plain]) }, lr: 1);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0.1;
        Differentiate(decayed, 0);
        Differentiate(plain, 0);
        optimizer.step();
        Assert.AreEqual(0.95, decayed.item<float>(), 1e-6);
        Assert.AreEqual(1f, plain.item<float>());
    }

    // v1 = 1, v2 = 0.9 + 1: 1 - 0.1 * 1 - 0.1 * 1.9.
    [TestMethod]
    public void SGD_with_momentum_adds_up_its_gradients()
    {
        var parameter = nn.Parameter(tensor(new float[] { 1 }));
        using var optimizer = optim.SGD(new[] { parameter }, 0.1, momentum: 0.9);
        for (var t = 0; t < 2; t++)
        {
            Differentiate(parameter, 1);
            optimizer.step();
        }
        Assert.AreEqual(0.71, parameter.item<float>(), 1e-6);
    }

    [TestMethod]
    public void Zeroed_gradients_are_zeros()
    {
        var parameter = nn.Parameter(ones(2));
        using var optimizer = optim.AdamW(new[] { parameter });
        Differentiate(parameter, 1);
        optimizer.zero_grad();
        Numbers.AreClose([0, 0], parameter.grad!);
    }

    [TestMethod]
    public void A_saved_state_continues_with_the_same_bits()
    {
        var straight = nn.Parameter(tensor(new float[] { 1, -2, 3 }));
        using var first = optim.AdamW(new[] { straight }, lr: 0.05, weight_decay: 0.1);
        void Step(Parameter parameter, OptimizerHelper optimizer, float gradient)
        {
            Differentiate(parameter, gradient);
            optimizer.step();
        }

        Step(straight, first, 0.3f);
        Step(straight, first, -1);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true)) first.save_state_dict(writer);
        var resumed = nn.Parameter(straight.detach().clone());
        using var second = optim.AdamW(new[] { resumed }, lr: 9);
        file.Position = 0;
        using (var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true)) second.load_state_dict(reader);

        Step(straight, first, 0.7f);
        Step(resumed, second, 0.7f);
        CollectionAssert.AreEqual(straight.Values(), resumed.Values());
        var state = (AdamW.State)second.state_dict().State.Single();
        Assert.AreEqual(3, state.step);
        CollectionAssert.AreEqual(new long[] { 3 }, state.exp_avg.shape);
    }

    [TestMethod]
    public void Clipping_scales_all_gradients_by_their_common_norm()
    {
        Parameter a = nn.Parameter(ones(1)), b = nn.Parameter(ones(1));
        Differentiate(a, 3);
        Differentiate(b, 4);
        Assert.AreEqual(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Numbers.AreClose([0.6], a.grad!, 1e-5);
        Numbers.AreClose([0.8], b.grad!, 1e-5);
        Assert.AreEqual(1, nn.utils.clip_grad_norm_([a, b], 2), 1e-5);
        nn.utils.clip_grad_value_([a, b], 0.7);
        Numbers.AreClose([0.7], b.grad!, 1e-5);
    }

    // Half a cosine: (1 + cos(pi t / 4)) / 2.
    [TestMethod]
    public void Schedulers_set_the_rates_of_all_groups()
    {
        var parameter = nn.Parameter(ones(1));
        using var cosineOptimizer = optim.AdamW(new[] { parameter }, lr: 2);
        var cosine = optim.lr_scheduler.CosineAnnealingLR(cosineOptimizer, 4);
        var rates = new List<double>();
        for (var t = 0; t <= 4; t++)
        {
            rates.Add(cosineOptimizer.ParamGroups.Single().LearningRate);
            cosine.step();
        }
        for (var t = 0; t <= 4; t++) Assert.AreEqual(1 + Math.Cos(Math.PI * t / 4), rates[t], 1e-12);

        using var warmOptimizer = optim.SGD(new[] { parameter }, 2);
        var warm = optim.lr_scheduler.LambdaLR(warmOptimizer, t => Math.Min(1, (t + 1) / 2.0));
        Assert.AreEqual(1, warmOptimizer.ParamGroups.Single().LearningRate);
        warm.step();
        Assert.AreEqual(2, warmOptimizer.ParamGroups.Single().LearningRate);
    }

    [TestMethod]
    public void A_small_network_learns_exclusive_or()
    {
        manual_seed(4);
        using var network = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2));
        using var optimizer = optim.AdamW(network.parameters(), lr: 0.05);
        var x = tensor(new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, new long[] { 4, 2 });
        var y = tensor(new long[] { 0, 1, 1, 0 });
        for (var t = 0; t < 200; t++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(network.call(x), y).backward();
            optimizer.step();
        }
        CollectionAssert.AreEqual(y.data<long>().ToArray(), network.call(x).argmax(1).data<long>().ToArray());
    }
}
