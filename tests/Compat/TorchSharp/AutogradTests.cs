using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class AutogradTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    [TestMethod]
    public void Gradients_add_up_until_they_are_dropped()
    {
        var x = tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        Assert.IsNull(x.grad);
        (x * x).sum().backward();
        Numbers.AreClose([2, 4, 6], x.grad!);
        (x * x).sum().backward();
        Numbers.AreClose([4, 8, 12], x.grad!);
        x.grad = null;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void A_result_knows_that_it_is_no_leaf_and_a_detached_one_that_it_has_no_history()
    {
        var x = ones(2, requires_grad: true);
        var y = x * 2;
        Assert.IsTrue(x.is_leaf);
        Assert.IsFalse(y.is_leaf);
        Assert.IsFalse(y.detach().requires_grad);
    }

    [TestMethod]
    public void Nothing_is_recorded_without_gradients_and_recording_comes_back_afterwards()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad()) Assert.IsTrue((x * 2).requires_grad);
        }
        Assert.IsTrue((x * 2).requires_grad);
    }

    [TestMethod]
    public void The_recording_mode_belongs_to_the_thread()
    {
        using var untracked = no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.IsTrue(elsewhere);
        Assert.IsFalse(is_grad_enabled());
    }

    [TestMethod]
    public void Gradients_of_inputs_can_be_had_without_touching_the_leaves()
    {
        var x = tensor(new float[] { 2 }, requires_grad: true);
        var cubed = x.pow(3);
        var gradient = autograd.grad(new[] { cubed }, new[] { x })[0];
        Numbers.AreClose([12], gradient);
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void A_second_pass_over_a_freed_graph_is_an_error_and_over_a_kept_one_is_not()
    {
        var x = ones(2, requires_grad: true);
        var once = x.exp().sum();
        once.backward();
        Assert.ThrowsExactly<ExternalException>(() => once.backward());

        var kept = x.exp().sum();
        autograd.backward(kept, retain_graph: true);
        kept.backward();
        Assert.AreEqual(3 * Math.E, x.grad![0].ToDouble(), 1e-4);
    }

    [TestMethod]
    public void The_gradient_of_a_product_with_broadcast_bias_sums_over_the_batch()
    {
        var weight = ones(2, 3, requires_grad: true);
        var bias = zeros(2, requires_grad: true);
        nn.functional.linear(ones(5, 3), weight, bias).sum().backward();
        Numbers.AreClose([5, 5], bias.grad!);
        Numbers.AreClose([5, 5, 5, 5, 5, 5], weight.grad!);
    }
}
