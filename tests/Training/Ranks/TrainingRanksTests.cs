using System.Buffers.Binary;
using System.Text;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>What ranks must agree on before and while they train.</summary>
[TestClass]
public sealed class TrainingRanksTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void Other_rows_than_those_of_rank_0_are_refused()
    {
        using var network = (PlantedImages.Network with { ClassCount = 3 }).Create();
        using var group = SecondRank("the hash of other rows");
        using var ranks = new TrainingRanks(group, network, CancellationToken.None);

        var refusal = Assert.Throws<InvalidOperationException>(() => ranks.Start("the hash of these rows"));
        Assert.Contains("Rank 1 has read other rows than rank 0", refusal.Message);
    }

    [TestMethod]
    public void Weights_that_differ_from_those_of_rank_0_end_the_training()
    {
        using var network = (PlantedImages.Network with { ClassCount = 3 }).Create();
        using var group = SecondRank("another hash of the weights");
        using var ranks = new TrainingRanks(group, network, CancellationToken.None);

        var refusal = Assert.Throws<InvalidOperationException>(() => ranks.ThrowIfApart(epoch: 3));
        Assert.Contains("After epoch 3, rank 1 has other weights than rank 0", refusal.Message);
    }

    [TestMethod]
    public void Noise_in_the_network_that_mixes_a_batch_is_refused()
    {
        using var group = new EchoProcessGroup(rank: 0, _ => 0);
        var options = _images.Options();
        (options.Ranks, options.ProcessGroup) = (2, group);
        options.LatentNoise = new(new CircularShiftNoise(0.3, Transforms.Noise.MixAxis.Batch), NoiseSite.BlockInput);

        var refusal = Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options));
        Assert.Contains("each of the 2 ranks has only its own rows. Set Ranks to 1", refusal.Message);
    }

    [TestMethod]
    [DataRow(2, 16, "Ranks is 2; it needs a ProcessGroup of as many processes; MpiProcessGroup.Join() gives it")]
    [DataRow(4, 5, "Ranks is 4; a BatchSize of 5 rows leaves some of them without any; give a multiple of Ranks")]
    public void Ranks_that_cannot_train_are_refused(int ranks, int batchSize, string words)
    {
        var options = _images.Options();
        (options.Ranks, options.BatchSize) = (ranks, batchSize);

        Assert.Contains(words, Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options)).Message);
    }

    /// <summary>The second of two ranks, to which rank 0 says a text.</summary>
    static EchoProcessGroup SecondRank(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var message = new byte[sizeof(int) + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, bytes.Length);
        bytes.CopyTo(message, sizeof(int));
        return new(rank: 1, index => message[index]);
    }
}
