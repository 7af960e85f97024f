using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Networks.VisionTransformer.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

[TestClass]
public class FusedAttentionTests
{
    [TestMethod]
    public void It_is_there_on_Linux_with_AVX_512_and_nowhere_else()
    {
        var isExpected = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Avx512F.IsSupported;
        Assert.AreEqual(isExpected, FusedAttention.IsAvailable);
        using var packed = randn([2, 5, 3, 2, 16]);
        Assert.AreEqual(isExpected, FusedAttention.Accepts(packed, packed));
    }

    [TestMethod]
    public void Values_and_gradients_are_those_of_libtorchs_operators()
    {
        manual_seed(1);
        var tokens = Enumerable.Range(1, 65).Append(100).Append(197).Append(257);
        foreach (var (index, count) in tokens.Index())
        {
            var (batch, heads, dimension) = (count > 65 ? 2 : 1 + index * 7 % 5, 1 + index % 6, 16 * (1 + index % 8));
            var packed = randn([batch, count, 3, heads, dimension]);
            Agree(Precision.Float32, 1e-5, packed, packed, fused: false);
            Agree(Precision.Float32, 1e-5, packed, packed, reference: Exact);
        }
        foreach (var batch in (int[])[1, 2, 31, 64, 65])
        {
            var packed = randn([batch, 50, 3, 3, 64]);
            Agree(Precision.Float32, 1e-5, packed, packed, fused: false);
        }
    }

    [TestMethod]
    public void Values_and_gradients_in_bfloat16_are_the_exact_ones_rounded_once()
    {
        manual_seed(2);
        foreach (var (index, count) in ((int[])[1, 2, 7, 16, 17, 33, 48, 50, 64, 65, 197]).Index())
        {
            var packed = randn([1 + index, count, 3, 1 + index % 6, 16 * (1 + index % 5)]).to_type(ScalarType.BFloat16);
            // Half a unit of 8 significant bits, and what float32 rounds off where the exact value is nearly 0.
            Agree(Precision.Bfloat16, 1e-5, packed, packed, reference: Exact, relative: Math.Pow(2, -8));
        }
    }

    [TestMethod]
    public void Operators_round_more_often_in_bfloat16()
    {
        manual_seed(2);
        using var scope = NewDisposeScope();
        var packed = randn([4, 50, 3, 3, 64]).to_type(ScalarType.BFloat16);
        var exact = Pass(packed, packed, Exact, exact: true);
        foreach (var (ours, operators) in Distances(fused: true).Zip(Distances(fused: false)))
            Assert.IsLessThan(FusedAttention.IsAvailable ? 0.7 : 1.001, ours / operators);

        double[] Distances(bool fused) =>
            [
                .. Pass(packed, packed, parts => Attention.Mix(parts[0], parts[0], Precision.Bfloat16, fused))
                    .Zip(
                        exact,
                        (values, expected) => ((values.to_type(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>()
                    ),
            ];
    }

    [TestMethod]
    public void Some_tokens_may_attend_to_all()
    {
        manual_seed(3);
        foreach (var (queryCount, count) in ((int, int)[])[(1, 50), (2, 7), (5, 64), (50, 3)])
        {
            var (queries, keysValues) = (randn([4, queryCount, 1, 3, 32]), randn([4, count, 2, 3, 32]));
            Agree(Precision.Float32, 1e-5, queries, keysValues, fused: false);
        }
    }

    [TestMethod]
    public void Scores_of_ten_thousand_give_one_key_all_the_weight()
    {
        // Whole numbers: the scores are exact on every route.
        var random = new Random(4);
        using var scope = NewDisposeScope();
        float[] numbers = [.. Enumerable.Range(0, 3 * 33 * 3 * 2 * 16).Select(_ => (float)random.Next(-50, 51))];
        var packed = tensor(numbers).reshape(3, 33, 3, 2, 16);
        packed.select(2, 0).mul_(4);
        var scores = packed.select(2, 0).select(2, 0).bmm(packed.select(2, 1).select(2, 0).transpose(1, 2)) / 4;
        Assert.IsGreaterThan(1e4f, scores.max().item<float>());
        Assert.IsLessThan(-1e4f, scores.min().item<float>());
        Agree(Precision.Float32, 1e-5, packed, packed, reference: Exact);
    }

    [TestMethod]
    public void Equal_keys_give_the_mean_of_the_values()
    {
        using var scope = NewDisposeScope();
        var packed = randn([2, 50, 3, 3, 64]);
        packed.select(2, 1).copy_(ones(2, 50, 3, 64));
        var mixed = Attention.Mix(packed, packed, Precision.Float32, fused: true);
        var means = packed.select(2, 2).mean([1L], keepdim: true).expand(2, 50, 3, 64).reshape(2, 50, 192);
        Assert.IsLessThan(1e-6f, (mixed - means).abs().max().item<float>());
    }

    [TestMethod]
    public void Zeros_with_a_sign_and_denormal_numbers_are_numbers()
    {
        using var scope = NewDisposeScope();
        foreach (var value in (float[])[-0f, 1e-40f, -1e-40f, float.Epsilon])
        {
            var packed = full([2, 17, 3, 2, 16], value);
            Agree(Precision.Float32, 1e-5, packed, packed, reference: Exact);
        }
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void What_is_no_finite_number_stays_in_its_image_and_head_as_with_operators(float value)
    {
        using var scope = NewDisposeScope();
        var packed = randn([2, 20, 3, 2, 16]);
        packed[1, 3, 1, 0, 5] = value;
        var fused = Attention.Mix(packed, packed, Precision.Float32, fused: true);
        var operators = Attention.Mix(packed, packed, Precision.Float32, fused: false);
        Assert.IsTrue(fused.isfinite().Equals(operators.isfinite()));
        Assert.IsFalse(fused.isfinite().all().item<bool>());
    }

    [TestMethod]
    public void The_bits_are_the_same_for_any_number_of_threads_and_every_time()
    {
        var before = get_num_threads();
        try
        {
            foreach (var precision in (Precision[])[Precision.Float32, Precision.Bfloat16])
            {
                manual_seed(5);
                using var packed = randn([7, 50, 3, 3, 64]).to_type(Type(precision));
                var passes = ((int[])[1, 2, 3, 2])
                    .Select(threads =>
                    {
                        set_num_threads(threads);
                        return Pass(packed, packed, parts => Attention.Mix(parts[0], parts[^1], precision, fused: true));
                    })
                    .ToArray();
                foreach (var pass in passes)
                    Assert.IsTrue(pass.Zip(passes[0]).All(pair => pair.First.Equals(pair.Second)));
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [TestMethod]
    public void Two_hundred_steps_leave_no_tensor_behind()
    {
        using var packed = randn([2, 9, 3, 2, 16], requires_grad: true);
        using var queries = randn([2, 1, 1, 2, 16], requires_grad: true);
        using var keysValues = randn([2, 9, 2, 2, 16], requires_grad: true);
        Step();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var step = 0; step < 200; step++)
            Step();
        Assert.AreEqual(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            (
                Attention.Mix(packed, packed, Precision.Float32, fused: true).square().sum()
                + Attention.Mix(queries, keysValues, Precision.Float32, fused: true).square().sum()
            ).backward();
            packed.grad!.zero_();
        }
    }

    [TestMethod]
    public void Second_derivatives_are_those_of_operators()
    {
        manual_seed(6);
        using var scope = NewDisposeScope();
        var packed = randn([2, 6, 3, 2, 16]);
        var (fused, operators) = (Second(true), Second(false));
        Assert.IsGreaterThan(0.1f, operators.abs().max().item<float>());
        Assert.IsLessThan(1e-5 * operators.abs().max().item<float>(), (fused - operators).abs().max().item<float>());

        Tensor Second(bool isFused)
        {
            var leaf = packed.clone().requires_grad_();
            var loss = Attention.Mix(leaf, leaf, Precision.Float32, isFused).pow(3).sum();
            var gradient = autograd.grad([loss], [leaf], retain_graph: true, create_graph: true)[0];
            return autograd.grad([gradient.square().sum()], [leaf])[0];
        }
    }

    [TestMethod]
    public void Gradients_of_several_passes_add_up()
    {
        using var scope = NewDisposeScope();
        var packed = randn([2, 9, 3, 2, 16], requires_grad: true);
        var loss = Attention.Mix(packed, packed, Precision.Float32, fused: true).square().sum();
        loss.backward(retain_graph: true);
        var once = packed.grad!.clone();
        loss.backward();
        Assert.IsTrue(packed.grad!.Equals(once * 2));
    }

    [TestMethod]
    public void A_gradient_with_gaps_or_of_one_value_for_all_is_understood()
    {
        manual_seed(7);
        using var scope = NewDisposeScope();
        var packed = randn([2, 9, 3, 2, 16]);
        Func<Tensor, Tensor>[] losses = [mixed => mixed.sum(), mixed => (mixed.transpose(1, 2).contiguous() * arange(9)).sum()];
        foreach (var loss in losses)
        {
            var gradients = ((bool[])[true, false])
                .Select(fused =>
                {
                    var leaf = packed.clone().requires_grad_();
                    loss(Attention.Mix(leaf, leaf, Precision.Float32, fused)).backward();
                    return leaf.grad!;
                })
                .ToArray();
            Assert.IsLessThan(1e-5f * gradients[1].abs().max().item<float>(), (gradients[0] - gradients[1]).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Without_a_graph_the_values_are_the_same_and_no_gradient_is_asked_for()
    {
        using var scope = NewDisposeScope();
        var packed = randn([2, 9, 3, 2, 16], requires_grad: true);
        var expected = Mixed();
        Assert.IsTrue(expected.requires_grad);
        using (no_grad())
            IsEqual(Mixed());
        using (inference_mode())
            IsEqual(Mixed());
        packed = packed.detach();
        IsEqual(Mixed());

        Tensor Mixed() => Attention.Mix(packed, packed, Precision.Float32, fused: true);
        void IsEqual(Tensor mixed)
        {
            Assert.IsFalse(mixed.requires_grad);
            Assert.IsTrue(mixed.Equals(expected));
        }
    }

    [TestMethod]
    public void One_of_two_inputs_may_need_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (queries, keysValues) = (randn([2, 1, 1, 2, 16]), randn([2, 9, 2, 2, 16], requires_grad: true));
        Attention.Mix(queries, keysValues, Precision.Float32, fused: true).sum().backward();
        Assert.IsNull(queries.grad);
        Assert.IsGreaterThan(0f, keysValues.grad!.abs().max().item<float>());
    }

    [TestMethod]
    public void An_input_that_was_changed_before_the_backward_pass_is_refused()
    {
        using var scope = NewDisposeScope();
        var packed = randn([2, 9, 3, 2, 16], requires_grad: true) * 1;
        var loss = Attention.Mix(packed, packed, Precision.Float32, fused: true).sum();
        packed.detach().add_(1);
        Assert.Throws<ExternalException>(() => loss.backward());
    }

    [TestMethod]
    public void Everything_else_is_left_to_operators()
    {
        using var scope = NewDisposeScope();
        var valid = randn([2, 9, 3, 2, 16]);
        foreach (
            var packed in (Tensor[])
                [
                    valid.to_type(ScalarType.Float64),
                    valid.to_type(ScalarType.Float16),
                    valid.transpose(0, 1),
                    empty([2, 9, 3, 2, 16], device: META),
                    randn([2, 9, 3, 2, 12]),
                    randn([2, 9, 3, 2, 272]),
                    randn([2, 258, 3, 2, 16]),
                    randn([2, 9, 2, 2, 16]),
                    randn([0, 9, 3, 2, 16]),
                    randn([2, 9, 3, 32]),
                ]
        )
        {
            Assert.IsFalse(FusedAttention.Accepts(packed, packed));
            var message = Assert.Throws<ArgumentException>(() => FusedAttention.Apply(packed, packed)).Message;
            Assert.Contains($"[{string.Join(", ", packed.shape)}]", message);
        }
        Assert.IsFalse(FusedAttention.Accepts(randn([2, 9, 1, 2, 16]), randn([3, 9, 2, 2, 16])));
        Assert.IsFalse(FusedAttention.Accepts(randn([2, 9, 1, 2, 16]), randn([2, 9, 2, 2, 32])));
        Assert.IsFalse(FusedAttention.Accepts(valid, randn([2, 9, 3, 2, 16])));
        Assert.IsFalse(FusedAttention.Accepts(randn([2, 9, 1, 2, 16]), randn([2, 9, 2, 2, 16]).to_type(ScalarType.BFloat16)));
    }

    [TestMethod]
    public void What_a_thread_throws_comes_out_of_the_parallel_region()
    {
        var done = 0;
        var message = Assert
            .Throws<InvalidOperationException>(() =>
                FusedAttentionThreads.ForRanges(
                    100,
                    threads: 2,
                    (first, end, _) =>
                    {
                        Interlocked.Add(ref done, end - first);
                        if (first <= 60 && 60 < end)
                            throw new InvalidOperationException("piece 60");
                    }
                )
            )
            .Message;
        Assert.AreEqual("piece 60", message);
        Assert.IsGreaterThan(0, done);
    }

    [TestMethod]
    [DataRow(100, 2)]
    [DataRow(3, 8)]
    [DataRow(1, 1)]
    public void Every_piece_is_done_once(int count, int threads)
    {
        var (times, numbers) = (new int[count], new bool[threads]);
        FusedAttentionThreads.ForRanges(
            count,
            threads,
            (first, end, thread) =>
            {
                numbers[thread] = true;
                for (var piece = first; piece < end; piece++)
                    Interlocked.Increment(ref times[piece]);
            }
        );
        Assert.IsTrue(times.All(time => time == 1));
        Assert.IsTrue(numbers[0]);
    }

    /// <summary>Values and gradients of the kernel beside those of another route.</summary>
    /// <param name="precision">What the tensors hold.</param>
    /// <param name="limit">The largest difference, relative to the largest value.</param>
    /// <param name="queries">[N, T, parts, heads, D]</param>
    /// <param name="keysValues">[N, T', parts, heads, D], or the same tensor.</param>
    /// <param name="fused">False for operators in the same precision.</param>
    /// <param name="reference">Another route.</param>
    /// <param name="relative">What each value may differ by further, relative to itself.</param>
    static void Agree(
        Precision precision,
        double limit,
        Tensor queries,
        Tensor keysValues,
        bool? fused = null,
        Func<Tensor[], Tensor>? reference = null,
        double relative = 0
    )
    {
        using var scope = NewDisposeScope();
        var ours = Pass(queries, keysValues, parts => Attention.Mix(parts[0], parts[^1], precision, fused: true));
        reference ??= parts => Attention.Mix(parts[0], parts[^1], precision, fused!.Value);
        var theirs = Pass(queries, keysValues, reference, exact: fused is null);
        foreach (var (index, (mine, other)) in ours.Zip(theirs).Index())
        {
            Assert.AreEqual(Type(precision), mine.dtype);
            Assert.AreSequenceEqual(other.shape, mine.shape);
            var expected = other.to_type(ScalarType.Float64);
            var allowed = expected.abs() * relative + Math.Max(expected.abs().max().item<double>(), 1e-30) * limit;
            var excess = ((mine.to_type(ScalarType.Float64) - expected).abs() / allowed).max().item<double>();
            Assert.IsLessThan(1.0, excess, $"{(index == 0 ? "values" : "gradients")} of queries [{string.Join(", ", queries.shape)}]");
        }
    }

    /// <summary>The values, and the gradients of the inputs for a fixed gradient of the values.</summary>
    static Tensor[] Pass(Tensor queries, Tensor keysValues, Func<Tensor[], Tensor> attention, bool exact = false)
    {
        Tensor[] leaves = ReferenceEquals(queries, keysValues) ? [Leaf(queries)] : [Leaf(queries), Leaf(keysValues)];
        var mixed = attention(leaves);
        var generator = new Generator(8);
        var weights = randn(mixed.shape, generator: generator).to_type(queries.dtype).to_type(mixed.dtype);
        mixed.backward([weights]);
        return [mixed.detach(), .. leaves.Select(leaf => leaf.grad!)];

        Tensor Leaf(Tensor values) => (exact ? values.to_type(ScalarType.Float64) : values.clone()).detach().requires_grad_();
    }

    /// <summary>In float64, one head after the other.</summary>
    static Tensor Exact(Tensor[] parts)
    {
        var (queries, keysValues) = (parts[0], parts[^1]);
        var (heads, count) = (queries.shape[3], keysValues.shape[2]);
        return cat(
            [
                .. Enumerable
                    .Range(0, (int)heads)
                    .Select(head =>
                    {
                        var query = queries.select(2, 0).select(2, head);
                        var (key, value) = (
                            keysValues.select(2, count - 2).select(2, head),
                            keysValues.select(2, count - 1).select(2, head)
                        );
                        var scores = query.bmm(key.transpose(1, 2)) / Math.Sqrt(queries.shape[4]);
                        var weights = (scores - scores.detach().amax([2L], keepdim: true)).exp();
                        return weights.bmm(value) / weights.sum([2L], keepdim: true);
                    }),
            ],
            2
        );
    }

    static ScalarType Type(Precision precision) => precision == Precision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
}
