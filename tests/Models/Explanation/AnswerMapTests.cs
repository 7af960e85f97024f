using NoisyNN.Models.Explanation;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models.Explanation;

/// <summary>Maps of where an answer comes from, by a network's own parts: attention rollout and Grad-CAM.</summary>
[TestClass]
public sealed class AnswerMapTests
{
    [TestMethod]
    public void Rollout_follows_the_attention_to_the_patch_that_alone_decides()
    {
        using var scope = NewDisposeScope();
        // Two blocks of one head over a class token and four patches. In the first block every token looks at patch 2, in the second the
        // class token looks at all tokens alike; only what raises the logit counts.
        var first = zeros(1, 1, 5, 5);
        first.select(3, 3).fill_(1);
        var second = full([1, 1, 5, 5], 0.2f);
        var slopes = ones(1, 1, 5, 5);

        var map = AttentionRollout.Of([first, second], [slopes, slopes]).contiguous().data<float>().ToArray();

        // From the class token: 1 from the first block and, from the second, 0.2 of each token's own content and of its first look: 0.2, 0.2,
        // 2.2, 0.2. All patches have 0.2 in common.
        Assert.AreSequenceEqual([0, 0, 2, 0], map.Select(value => MathF.Round(value, 5)));
    }

    [TestMethod]
    public void Attention_that_lowers_the_logit_counts_for_nothing()
    {
        using var scope = NewDisposeScope();
        var weights = full([1, 1, 3, 3], 1f / 3);
        var slopes = ones(1, 1, 3, 3);
        slopes.select(3, 2).fill_(-1);

        var map = AttentionRollout.Of([weights], [slopes]).contiguous().data<float>().ToArray();

        Assert.AreEqual(1f / 3, map[0], 1e-6f);
        Assert.AreEqual(0, map[1]);
    }

    [TestMethod]
    public void A_class_activation_map_is_the_gradient_of_the_logit_times_the_maps()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var maps = randn(2, 3, 4, 4).requires_grad_(true);
        var head = nn.Linear(3, 2);
        var classes = tensor(new long[] { 1, 0 });

        var map = ClassActivation.Of(maps, head, classes);

        // Grad-CAM by its definition: the mean gradient of the logit over the places of a map, by autograd.
        var logits = head.call(maps.mean([2, 3]));
        var slopes = autograd.grad([logits.gather(1, classes.unsqueeze(1)).sum()], [maps])[0];
        var expected = (maps * slopes.mean([2, 3], keepdim: true)).sum([1]).relu() * 16;
        expected -= expected.amin([1, 2], keepdim: true);
        Assert.IsLessThan(1e-5f, (map - expected).abs().max().item<float>());
    }

    [TestMethod]
    public void A_class_activation_map_lies_on_the_patch_if_places_see_themselves_alone()
    {
        using var scope = NewDisposeScope();
        // The patch alone decides: a map of bright pixels, 4 x 4 pixels a place.
        var image = zeros(1, 1, 32, 32);
        image.narrow(2, 8, 8).narrow(3, 16, 8).fill_(255);
        var maps = nn.functional.avg_pool2d(image.ge(250).to_type(ScalarType.Float32), 4);
        var head = nn.Linear(1, 1);
        using (no_grad())
            head.weight!.fill_(3);

        var map = ClassActivation.Of(maps, head, zeros(1, ScalarType.Int64));

        Assert.AreEqual(map.sum().item<float>(), map.narrow(1, 2, 2).narrow(2, 4, 2).sum().item<float>());
        Assert.IsGreaterThan(0, map.sum().item<float>());
    }

    static ClassifierConfiguration[] Configurations =>
        [
            new NoisyViTConfiguration
            {
                ImageSize = 16,
                Channels = 3,
                ClassCount = 4,
                PatchSize = 4,
                Dimension = 16,
                Depth = 2,
                Heads = 2,
                MlpDimension = 32,
            },
            new NoisyResNetConfiguration
            {
                ImageSize = 16,
                Channels = 3,
                ClassCount = 4,
                Width = 16,
            },
            new AllCnnConfiguration
            {
                ImageSize = 16,
                Channels = 3,
                ClassCount = 4,
                FilterPercentage = 25,
            },
        ];

    [TestMethod]
    [DataRow(0, 4)]
    [DataRow(1, 2)]
    [DataRow(2, 4)]
    public void Every_network_of_images_maps_its_answers_and_stays_as_it_was(int index, int side)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = Configurations[index].Create();
        foreach (var parameter in network.parameters().Where(parameter => parameter.requires_grad))
            using (no_grad())
                parameter.copy_(randn(parameter.shape) * 0.2);
        network.train();
        var pixels = randint(0, 256, [3, 3, 16, 16]).to_type(ScalarType.Float32);
        var before = network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());

        var maps = ((IAnswerMaps)network).AnswerMaps(pixels, tensor(new long[] { 0, 1, 3 }));

        Assert.AreSequenceEqual(new long[] { 3, side, side }, maps.shape);
        Assert.IsGreaterThanOrEqualTo(0, maps.min().item<float>());
        Assert.IsTrue(maps.isfinite().all().item<bool>());
        Assert.IsFalse(maps.requires_grad);
        Assert.IsTrue(network.training);
        foreach (var (name, value) in network.state_dict())
            Assert.IsTrue(value.eq(before[name]).all().item<bool>(), name);
    }

    [TestMethod]
    public void The_map_of_an_image_does_not_depend_on_the_others()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var network = new NoisyViT((NoisyViTConfiguration)Configurations[0]);
        using (no_grad())
            foreach (var parameter in network.parameters())
                parameter.copy_(randn(parameter.shape) * 0.2);
        network.eval();
        var pixels = randint(0, 256, [2, 3, 16, 16]).to_type(ScalarType.Float32);

        var map = network.AnswerMaps(pixels, tensor(new long[] { 1, 1 }));

        var alone = network.AnswerMaps(pixels.narrow(0, 1, 1), tensor(new long[] { 1 }));
        Assert.IsLessThan(1e-4f, ((map.narrow(0, 1, 1) - alone).abs().max() / alone.max()).item<float>());
    }
}
