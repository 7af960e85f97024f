using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class FunctionalTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    // x Phi(x), by the distribution function: Phi(1) = 0.8413447461, Phi(-1) = 0.1586552539, Phi(2) = 0.9772498681.
    [TestMethod]
    public void GELU_is_the_exact_one() => Numbers.AreClose([0, 0.8413447461, -0.1586552539, 1.9544997361], F.gelu(tensor(new float[] { 0, 1, -1, 2 })));

    [TestMethod]
    public void Softplus_is_the_logarithm_of_one_plus_the_exponential() =>
        Numbers.AreClose([Math.Log(2), Math.Log(1 + Math.E), 30], F.softplus(tensor(new float[] { 0, 1, 30 })));

    // (1, 2, 3) has mean 2 and variance 2/3, so it becomes ±sqrt(3/2) = ±1.2247449.
    [TestMethod]
    public void Layer_norm_divides_by_the_biased_deviation_then_scales_and_shifts()
    {
        var x = tensor(new float[] { 1, 2, 3 }, new long[] { 1, 3 });
        Numbers.AreClose([-1.2247449, 0, 1.2247449], F.layer_norm(x, [3], eps: 0), 1e-6);
        Numbers.AreClose([-1.4494897, 1, 3.4494897], F.layer_norm(x, [3], full(3, 2.0), ones(3), eps: 0), 1e-5);
    }

    // Log-probabilities of (1, 2, 3): -2.4076059, -1.4076059, -0.4076059.
    [TestMethod]
    public void Cross_entropy_is_the_negative_log_probability_of_the_class()
    {
        var logits = tensor(new float[] { 1, 2, 3 }, new long[] { 1, 3 });
        var target = tensor(new long[] { 2 });
        Assert.AreEqual(0.4076059, F.cross_entropy(logits, target).item<float>(), 1e-6);
        // Smoothing by 0.1 puts 0.1 / 3 on every class: 0.9 * 0.4076059 + 0.1 * mean(2.4076059, 1.4076059, 0.4076059).
        Assert.AreEqual(0.5076059, F.cross_entropy(logits, target, label_smoothing: 0.1).item<float>(), 1e-6);
    }

    [TestMethod]
    public void Cross_entropy_leaves_ignored_rows_out_of_the_mean()
    {
        var logits = tensor(new float[] { 1, 2, 3, 9, 0, 0 }, new long[] { 2, 3 });
        Assert.AreEqual(0.4076059, F.cross_entropy(logits, tensor(new long[] { 2, -100 })).item<float>(), 1e-6);
        Assert.HasCount(2, F.cross_entropy(logits, tensor(new long[] { 2, 0 }), reduction: nn.Reduction.None).Values());
    }

    [TestMethod]
    public void Binary_cross_entropy_of_logits_equals_that_of_probabilities()
    {
        Tensor logits = tensor(new float[] { -1, 0, 2 }), target = tensor(new float[] { 0, 1, 0.5f });
        var probabilities = F.binary_cross_entropy(logits.sigmoid(), target).item<float>();
        Assert.AreEqual(probabilities, F.binary_cross_entropy_with_logits(logits, target).item<float>(), 1e-6);
    }

    [TestMethod]
    public void Attention_is_the_softmax_of_scaled_products()
    {
        manual_seed(0);
        Tensor q = randn(2, 3, 5, 4), k = randn(2, 3, 6, 4), v = randn(2, 3, 6, 7);
        var byHand = q.matmul(k.transpose(-2, -1)).div(2).softmax(-1).matmul(v);
        Assert.IsTrue(F.scaled_dot_product_attention(q, k, v).allclose(byHand, atol: 1e-6));
        var own = randn(1, 4, 4);
        var masked = own.matmul(own.transpose(-2, -1)).div(2).masked_fill(ones(4, 4).tril().eq(0), float.NegativeInfinity).softmax(-1).matmul(own);
        Assert.IsTrue(F.scaled_dot_product_attention(own, own, own, is_casual: true).allclose(masked, atol: 1e-6));
    }

    [TestMethod]
    public void A_linear_map_of_a_rank_3_input_adds_its_bias_everywhere()
    {
        var y = F.linear(ones(2, 2, 3), full(4, 3, 0.5), arange(4).to(float32));
        CollectionAssert.AreEqual(new long[] { 2, 2, 4 }, y.shape);
        Numbers.AreClose([1.5, 2.5, 3.5, 4.5], y[1, 1]);
    }

    [TestMethod]
    public void A_convolution_is_a_cross_correlation()
    {
        var image = arange(9).to(float32).reshape(1, 1, 3, 3);
        var kernel = tensor(new float[] { 1, 0, 0, 10 }, new long[] { 1, 1, 2, 2 });
        Numbers.AreClose([40, 51, 73, 84], F.conv2d(image, kernel));
        CollectionAssert.AreEqual(new long[] { 1, 1, 2, 2 }, F.conv2d(image, kernel, strides: [2, 2], padding: [1, 1]).shape);
    }

    [TestMethod]
    public void Batch_norm_normalises_by_the_batch_and_remembers_it()
    {
        var x = tensor(new float[] { 1, 3 }, new long[] { 2, 1 });
        Tensor mean = zeros(1), variance = ones(1);
        Numbers.AreClose([-1, 1], F.batch_norm(x, mean, variance, training: true, eps: 0), 1e-6);
        Numbers.AreClose([0.2], mean);
        // The batch's unbiased variance is 2: 0.9 * 1 + 0.1 * 2.
        Numbers.AreClose([1.1], variance);
        Numbers.AreClose([0.8 / Math.Sqrt(1.1), 2.8 / Math.Sqrt(1.1)], F.batch_norm(x, mean, variance, eps: 0), 1e-5);
    }

    [TestMethod]
    public void Dropout_scales_what_it_keeps_and_does_nothing_in_evaluation()
    {
        manual_seed(0);
        var x = ones(10_000);
        var dropped = F.dropout(x, 0.25);
        Assert.AreEqual(0.25, (dropped == 0).to(float32).mean().item<float>(), 0.02);
        Assert.AreEqual(1 / 0.75, dropped.max().item<float>(), 1e-5);
        Assert.IsTrue(F.dropout(x, 0.25, training: false).Equals(x));
    }

    [TestMethod]
    public void Pools_pads_and_sizes_of_images()
    {
        var image = arange(16).to(float32).reshape(1, 1, 4, 4);
        Numbers.AreClose([5, 7, 13, 15], F.max_pool2d(image, 2));
        Numbers.AreClose([2.5, 4.5, 10.5, 12.5], F.avg_pool2d(image, 2));
        Numbers.AreClose([7.5], F.adaptive_avg_pool2d(image, 1));
        Numbers.AreClose([1, 0, 1, 2, 1], F.pad(tensor(new float[] { 0, 1, 2 }, new long[] { 1, 1, 3 }), (1, 1), PaddingModes.Reflect));
        Numbers.AreClose([9, 0, 1], F.pad(tensor(new float[] { 0, 1 }), (1, 0), value: 9));
        Numbers.AreClose([0, 0.5, 1.5, 2], F.interpolate(tensor(new float[] { 0, 2 }, new long[] { 1, 1, 1, 2 }), [1, 4], mode: InterpolationMode.Bilinear));
        CollectionAssert.AreEqual(new long[] { 1, 1, 8, 8 }, F.interpolate(image, scale_factor: [2, 2]).shape);
    }

    [TestMethod]
    public void One_hot_marks_the_class()
    {
        Assert.AreEqual(ScalarType.Int64, F.one_hot(tensor(new long[] { 1 }), 3).dtype);
        Numbers.AreClose([0, 1, 0, 0, 0, 1], F.one_hot(tensor(new long[] { 1, 2 }), 3));
    }
}
