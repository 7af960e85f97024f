using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

[TestClass]
public class LatentNoiseTests
{
    [TestMethod]
    public void Optimal_mixing_across_the_batch_is_the_released_arithmetic()
    {
        // x[b,n,c] = (100b + 10n + c)/100 through the released code: the class token unchanged, patch tokens [(I + 11ᵀ)/5]x along the
        // batch.
        using var scope = NewDisposeScope();
        using var layer = Layer(new OptimalMixingNoise(MixAxis.Batch));
        var input = Counting(4, 3, 2).requires_grad_();
        var output = layer.call(input);
        AreClose(
            [0, .01, 1.3, 1.31, 1.4, 1.41, 1, 1.01, 1.5, 1.51, 1.6, 1.61, 2, 2.01, 1.7, 1.71, 1.8, 1.81, 3, 3.01, 1.9, 1.91, 2, 2.01],
            output.detach()
        );

        output.select(0, 0).select(0, 1).select(0, 0).backward();
        using var gradient = input.grad;
        AreClose([.4, .2, .2, .2], gradient!.select(1, 1).select(1, 0).contiguous());
        AreClose([0, 0, 0, 0], gradient.select(1, 0).select(1, 0).contiguous());
    }

    [TestMethod]
    public void A_circular_shift_across_the_batch_takes_its_share_from_the_next_row()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(new CircularShiftNoise(0.3, MixAxis.Batch), includeClassToken: true);
        AreClose([.7 * 0 + .3 * 1, .7 * 1 + .3 * 2, .7 * 2 + .3 * 0], layer.call(Counting(3, 1, 1)));
    }

    [TestMethod]
    public void The_released_shift_of_residual_networks_is_a_constant_to_the_gradient()
    {
        // noise = roll(x.detach(), -1, 0) - x.detach(); x + 0.4 noise on [1, 2, 4, 8].
        using var scope = NewDisposeScope();
        using var layer = new LatentNoise { Placement = LatentNoisePlacement.ReleasedNoisyResNet };
        var input = tensor(new[] { 1f, 2, 4, 8 }).reshape(4, 1, 1, 1).requires_grad_();
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            Assert.IsTrue(layer.ActsAt(NoiseSite.BlockInput, layer: 15, depth: 16));
            AreClose([1.4, 2.8, 5.6, 5.2], layer.call(input).detach());
        }
        layer.call(input).select(0, 0).sum().backward();
        AreClose([1, 0, 0, 0], input.grad!);

        // Without detaching, the gradient is the transform's own.
        layer.Placement = LatentNoisePlacement.ReleasedNoisyResNet with
        {
            Detached = false,
        };
        var other = tensor(new[] { 1f, 2, 4, 8 }).reshape(4, 1, 1, 1).requires_grad_();
        layer.call(other).select(0, 0).sum().backward();
        AreClose([.6, .4, 0, 0], other.grad!);
    }

    [TestMethod]
    public void Maps_are_mixed_along_rows_channels_and_pixels()
    {
        // Channel c, row h, column w holds 100c + 10h + w; two channels of 2 x 3 pixels.
        using var scope = NewDisposeScope();
        var input = tensor(
                (
                    from c in Enumerable.Range(0, 2)
                    from h in Enumerable.Range(0, 2)
                    from w in Enumerable.Range(0, 3)
                    select 100f * c + 10 * h + w
                ).ToArray()
            )
            .reshape(1, 2, 2, 3);
        AreClose([4, 5, 6, 6, 7, 8, 104, 105, 106, 106, 107, 108], Mixed(MixAxis.SpatialRows));
        AreClose([40, 41, 42, 50, 51, 52, 60, 61, 62, 70, 71, 72], Mixed(MixAxis.Channels));
        AreClose([.4, 1.4, 5.2, 10.4, 11.4, 7.2, 100.4, 101.4, 105.2, 110.4, 111.4, 107.2], Mixed(MixAxis.Tokens));

        Tensor Mixed(MixAxis axis)
        {
            using var layer = Layer(new CircularShiftNoise(0.4, axis));
            return layer.call(input);
        }
    }

    [TestMethod]
    public void A_schedule_scales_what_the_noise_adds()
    {
        // I + sQ with Q = 0.3 (P - I).
        using var scope = NewDisposeScope();
        using var layer = Layer(new CircularShiftNoise(0.3, MixAxis.Batch));
        layer.Placement = layer.Placement! with { Schedule = new NoiseSchedule(From: 0, To: 1, Steps: 4, Delay: 2) };
        var input = tensor(new[] { 1f, 2, 4 }).reshape(3, 1);
        foreach (var (step, factor) in new[] { (0, 0), (2, 0), (3, .25), (4, .5), (6, 1.0), (100, 1) })
        {
            layer.Step = step;
            AreClose([1 + factor * .3, 2 + factor * .6, 4 - factor * .9], layer.call(input));
        }
        layer.Step = 0;
        layer.eval();
        AreClose([1.3, 2.6, 3.1], layer.call(input));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseSchedule(0, -1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseSchedule(0, 1, 0));
    }

    [TestMethod]
    public void Mixing_along_tokens_leaves_the_class_token_out_unless_told_otherwise()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new[] { 9f, 1, 2, 3 }).reshape(1, 4, 1);
        using var without = Layer(new OptimalMixingNoise(MixAxis.Tokens));
        AreClose([9, 7 / 4.0, 8 / 4.0, 9 / 4.0], without.call(input));
        using var with = Layer(new OptimalMixingNoise(MixAxis.Tokens), includeClassToken: true);
        AreClose([24 / 5.0, 16 / 5.0, 17 / 5.0, 18 / 5.0], with.call(input));
    }

    [TestMethod]
    public void Mixing_along_spatial_rows_moves_each_grid_column_by_itself()
    {
        // A class token and a 3 x 3 grid: row r, column c holds 10r + c.
        using var scope = NewDisposeScope();
        var input = tensor(new[] { 5f, 0, 1, 2, 10, 11, 12, 20, 21, 22 }).reshape(1, 10, 1);
        foreach (var includeClassToken in new[] { false, true })
        {
            using var layer = Layer(new CircularShiftNoise(0.4, MixAxis.SpatialRows), includeClassToken: includeClassToken);
            AreClose([5, 4, 5, 6, 14, 15, 16, 12, 13, 14], layer.call(input));
        }
    }

    [TestMethod]
    public void Mixing_along_channels_mixes_the_values_of_one_token()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(new CircularShiftNoise(0.25, MixAxis.Channels), includeClassToken: true);
        AreClose([.75 * 1 + .25 * 2, .75 * 2 + .25 * 3, .75 * 3 + .25 * 1], layer.call(tensor(new[] { 1f, 2, 3 }).reshape(1, 1, 3)));
    }

    [TestMethod]
    public void Noise_across_the_batch_is_the_identity_for_one_row()
    {
        using var scope = NewDisposeScope();
        var input = randn(1, 5, 3);
        foreach (var noise in new NoiseDefinition[] { new OptimalMixingNoise(MixAxis.Batch), new CircularShiftNoise(0.3, MixAxis.Batch) })
        {
            using var layer = Layer(noise);
            AreClose([.. input.data<float>().ToArray().Select(value => (double)value)], layer.call(input));
        }
    }

    [TestMethod]
    public void A_singular_shift_is_refused_at_the_batch_where_it_is_singular()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(new CircularShiftNoise(0.5, MixAxis.Batch));
        layer.call(randn(3, 2, 2));
        Assert.Throws<InvalidOperationException>(() => layer.call(randn(4, 2, 2)));
        layer.call(randn(5, 2, 2));
    }

    [TestMethod]
    public void Gaussian_noise_has_its_mean_and_deviation_and_spares_the_class_token()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var layer = Layer(new GaussianNoise(StandardDeviation: 0.5, Mean: 0.2));
        var input = randn(50, 21, 40);
        var difference = (layer.call(input) - input).contiguous();
        Assert.AreEqual(0, difference.select(1, 0).abs().max().item<float>());

        // 40,000 draws: the mean lies within 5 standard errors (0.0125), the deviation within 5 of its own (0.009).
        var values = difference.narrow(1, 1, 20).contiguous().data<float>().ToArray();
        var mean = values.Average();
        Assert.AreEqual(0.2, mean, 0.0125);
        Assert.AreEqual(0.5, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), 0.009);
    }

    [TestMethod]
    public void Random_families_have_their_mean_and_variance()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var input = full(200_000, 1, 3f);
        foreach (
            var (noise, variance, fourth) in new (NoiseDefinition, double, double)[]
            {
                (new UniformNoise(HalfWidth: 1.5), 1.5 * 1.5 / 3, 1.8),
                (new LaplaceNoise(Scale: 0.4), 2 * 0.16, 6),
                (new SpeckleNoise(StandardDeviation: 0.1), 0.09, 3),
            }
        )
        {
            using var layer = Layer(noise);
            var values = layer.call(input).data<float>().ToArray().Select(value => (double)value).ToArray();
            // Within 5 standard errors of the mean and, by the kurtosis, of the variance.
            Assert.AreEqual(3, values.Average(), 5 * Math.Sqrt(variance / values.Length), noise.Name);
            Assert.AreEqual(
                variance,
                values.Average(value => (value - 3) * (value - 3)),
                5 * variance * Math.Sqrt((fourth - 1) / values.Length),
                noise.Name
            );
        }
    }

    [TestMethod]
    public void Clipping_limits_what_is_noised()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(new GaussianNoise(10, Clip: new ValueRange(-1, 2)));
        var output = layer.call(zeros(1000, 1));
        Assert.AreEqual(-1, output.min().item<float>());
        Assert.AreEqual(2, output.max().item<float>());

        layer.Placement = layer.Placement! with { Noise = new SaltAndPepperNoise(1, new ValueRange(-3, 7)) };
        Assert.AreSequenceEqual([-3f, 7], layer.call(zeros(1000, 1)).data<float>().ToArray().Distinct().Order());
    }

    [TestMethod]
    public void A_matrix_of_ones_own_mixes_any_axis_and_its_gradient_is_its_transpose()
    {
        // Q = P - I of a cyclic shift scaled by 0.3 is the circular shift.
        using var scope = NewDisposeScope();
        var q = new double[3, 3];
        for (var row = 0; row < 3; row++)
            (q[row, row], q[row, (row + 1) % 3]) = (-0.3, 0.3);
        var input = randn(3, 3, 3, 3);
        foreach (var axis in new[] { MixAxis.Batch, MixAxis.Channels, MixAxis.SpatialRows })
        {
            using var own = Layer(QualityMatrixNoise.Of(q, axis));
            using var shift = Layer(new CircularShiftNoise(0.3, axis));
            Assert.IsLessThan(1e-6f, (own.call(input) - shift.call(input)).abs().max().item<float>());
        }

        q[0, 2] = 0.1;
        using var layer = Layer(QualityMatrixNoise.Of(q, MixAxis.Batch));
        var leaf = tensor(new[] { 1f, 2, 4 }).reshape(3, 1).requires_grad_();
        var output = layer.call(leaf);
        AreClose([.7 + .6 + .4, 1.4 + 1.2, 2.8 + .3], output.detach());
        output.select(0, 0).sum().backward();
        AreClose([.7, .3, .1], leaf.grad!);
    }

    [TestMethod]
    public void Salt_and_pepper_sets_values_to_their_own_images_extremes()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var layer = Layer(new SaltAndPepperNoise(0.2));
        var input = randn(3, 101, 50);
        var output = layer.call(input);
        Assert.AreEqual(0, (output - input).select(1, 0).abs().max().item<float>());
        for (var image = 0; image < 3; image++)
        {
            var before = input.select(0, image).narrow(0, 1, 100).contiguous().data<float>().ToArray();
            var after = output.select(0, image).narrow(0, 1, 100).contiguous().data<float>().ToArray();
            var changed = before.Zip(after).Where(pair => pair.First != pair.Second).Select(pair => pair.Second).ToArray();
            Assert.IsTrue(changed.All(value => value == before.Max() || value == before.Min()));
            // 5,000 values, 0.1 of them each way, within 5 standard errors.
            Assert.AreEqual(500, changed.Count(value => value == before.Max()), 106);
            Assert.AreEqual(500, changed.Count(value => value == before.Min()), 106);
        }
    }

    [TestMethod]
    [DataRow(NoiseSite.AfterEmbedding)]
    [DataRow(NoiseSite.BlockInput)]
    [DataRow(NoiseSite.AttentionInput)]
    [DataRow(NoiseSite.AttentionOutput)]
    [DataRow(NoiseSite.BlockOutput)]
    [DataRow(NoiseSite.BeforeHead)]
    public void Each_site_has_separate_switches_for_training_and_inference(NoiseSite site)
    {
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 4);
        var clean = TinyNetwork.Logits(network, pixels);
        foreach (var (inTraining, atInference) in new[] { (true, false), (false, true), (true, true), (false, false) })
        {
            network.SetLatentNoise(
                new LatentNoisePlacement(
                    new OptimalMixingNoise(MixAxis.Batch),
                    site,
                    Layer: -1,
                    inTraining,
                    atInference,
                    IncludeClassToken: site is NoiseSite.AttentionOutput or NoiseSite.BlockOutput
                )
            );
            network.train();
            Assert.AreEqual(inTraining, TinyNetwork.LargestDifference(clean, TinyNetwork.Logits(network, pixels)) > 1e-3, "in training");
            network.eval();
            Assert.AreEqual(atInference, TinyNetwork.LargestDifference(clean, TinyNetwork.Logits(network, pixels)) > 1e-3, "at inference");
        }
        network.SetLatentNoise(null);
        Assert.AreEqual(0, TinyNetwork.LargestDifference(clean, TinyNetwork.Logits(network, pixels)));
    }

    [TestMethod]
    public void Noise_acts_in_its_own_block_and_the_last_is_minus_1()
    {
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 4);
        var byLayer = new[] { 0, 1, 2, -1 }
            .Select(layer =>
            {
                network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyViT with { Layer = layer });
                return TinyNetwork.Logits(network, pixels);
            })
            .ToArray();
        Assert.AreNotEqual(0, TinyNetwork.LargestDifference(byLayer[0], byLayer[1]));
        Assert.AreNotEqual(0, TinyNetwork.LargestDifference(byLayer[1], byLayer[2]));
        Assert.AreEqual(0, TinyNetwork.LargestDifference(byLayer[2], byLayer[3]));
    }

    [TestMethod]
    public void Noise_after_a_block_is_noise_before_the_next_one()
    {
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 4);
        foreach (var includeClassToken in new[] { false, true })
        {
            var placement = new LatentNoisePlacement(
                new CircularShiftNoise(0.3, MixAxis.Tokens),
                NoiseSite.BlockOutput,
                Layer: 0,
                AtInference: true,
                IncludeClassToken: includeClassToken
            );
            network.SetLatentNoise(placement);
            var after = TinyNetwork.Logits(network, pixels);
            network.SetLatentNoise(placement with { Site = NoiseSite.BlockInput, Layer = 1 });
            Assert.AreEqual(0, TinyNetwork.LargestDifference(after, TinyNetwork.Logits(network, pixels)));
        }
    }

    [TestMethod]
    public void Tokens_that_only_a_noise_after_the_last_block_reads_are_computed_for_it()
    {
        // The shift by one brings patch tokens to the class token: with the class token alone there would be nothing to shift.
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 4);
        var clean = TinyNetwork.Logits(network, pixels);
        foreach (var site in new[] { NoiseSite.AttentionOutput, NoiseSite.BlockOutput })
        {
            network.SetLatentNoise(new(new CircularShiftNoise(0.3, MixAxis.Tokens), site, AtInference: true, IncludeClassToken: true));
            Assert.IsGreaterThan(1e-3, TinyNetwork.LargestDifference(clean, TinyNetwork.Logits(network, pixels)));
            var useless = Assert.Throws<ArgumentException>(() =>
                network.SetLatentNoise(network.LatentNoise! with { IncludeClassToken = false })
            );
            StringAssert.Contains(useless.Message, "IncludeClassToken");
        }
    }

    [TestMethod]
    public void The_released_recipe_makes_logits_depend_on_the_batch_except_for_a_batch_of_one()
    {
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 4);
        var clean = TinyNetwork.Logits(network, pixels);
        network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyViT);
        Assert.IsTrue(network.LatentNoise!.IsTransductive);
        Assert.IsGreaterThan(1e-3, TinyNetwork.LargestDifference(clean, TinyNetwork.Logits(network, pixels)));
        for (var row = 0; row < 4; row++)
        {
            var alone = TinyNetwork.Logits(network, pixels.AsSpan(row * network.InputLength, network.InputLength));
            Assert.IsLessThan(1e-5, TinyNetwork.LargestDifference(alone, clean.Skip(row * network.ClassCount)));
        }
    }

    [TestMethod]
    public void Places_that_a_network_does_not_have_are_refused()
    {
        using var network = TinyNetwork.Create();
        var mixing = new OptimalMixingNoise(MixAxis.Tokens);
        StringAssert.Contains(Refusal(new(mixing, NoiseSite.BlockInput, Layer: 3)), "0 to 2");
        StringAssert.Contains(Refusal(new(mixing, NoiseSite.AttentionInput, Layer: -4)), "-4");
        StringAssert.Contains(Refusal(new(mixing, NoiseSite.BeforeHead)), "no axis 'Tokens'");
        StringAssert.Contains(
            Refusal(new(new CircularShiftNoise(0.3, MixAxis.SpatialRows), NoiseSite.BeforeHead)),
            "no axis 'SpatialRows'"
        );
        Assert.IsNull(network.LatentNoise);

        // Nine patch tokens are an odd number, ten tokens and twelve channels are even.
        var half = new CircularShiftNoise(0.5, MixAxis.Tokens);
        network.SetLatentNoise(new(half, NoiseSite.AfterEmbedding));
        Assert.Throws<InvalidOperationException>(() =>
            network.SetLatentNoise(new(half, NoiseSite.AfterEmbedding, IncludeClassToken: true))
        );
        Assert.Throws<InvalidOperationException>(() =>
            network.SetLatentNoise(new(half with { Axis = MixAxis.Channels }, NoiseSite.BeforeHead))
        );

        string Refusal(LatentNoisePlacement placement) => Assert.Throws<ArgumentException>(() => network.SetLatentNoise(placement)).Message;
    }

    static LatentNoise Layer(NoiseDefinition noise, bool includeClassToken = false) =>
        new() { Placement = new LatentNoisePlacement(noise, NoiseSite.AfterEmbedding, IncludeClassToken: includeClassToken) };

    static Tensor Counting(int batch, int tokens, int channels) =>
        tensor(
                (
                    from b in Enumerable.Range(0, batch)
                    from n in Enumerable.Range(0, tokens)
                    from c in Enumerable.Range(0, channels)
                    select (100f * b + 10 * n + c) / 100
                ).ToArray()
            )
            .reshape(batch, tokens, channels);

    static void AreClose(double[] expected, Tensor actual)
    {
        var values = actual.contiguous().data<float>().ToArray();
        Assert.HasCount(expected.Length, values);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], values[index], 1e-6 * Math.Max(1, Math.Abs(expected[index])));
    }
}
