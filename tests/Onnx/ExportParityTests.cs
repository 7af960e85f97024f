using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;

namespace NoisyNN.Tests.Onnx;

/// <summary>A file run by ONNX Runtime gives what its network gives.</summary>
[TestClass]
public sealed class ExportParityTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(64)]
    public void Grey_network_and_file_agree_on_every_batch_size(int batch) => AssertAgreement(RandomNetwork.Grey, batch);

    [TestMethod]
    [DataRow(1)]
    [DataRow(64)]
    public void Colour_network_of_one_block_and_file_agree(int batch) => AssertAgreement(RandomNetwork.Colour, batch);

    [TestMethod]
    public void Network_of_one_head_and_patches_of_one_pixel_agrees() =>
        AssertAgreement(RandomNetwork.Grey with { ImageSize = 3, PatchSize = 1, Heads = 1, ClassCount = 2 }, 7);

    [TestMethod]
    public void Score_of_a_row_does_not_depend_on_its_batch()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        using var session = new InferenceSession(folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 64);

        var together = Run(session, network, pixels, "Score");
        for (var row = 0; row < 64; row++)
        {
            var alone = Run(session, network, pixels[(row * network.InputLength)..((row + 1) * network.InputLength)], "Score");
            AssertClose(together[(row * 10)..((row + 1) * 10)], alone, 1e-5);
        }
    }

    [TestMethod]
    public void Real_rows_are_what_the_comparison_runs_on_when_they_are_given()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        var rows = RandomNetwork.Pixels(network, 3);
        rows[5] = float.NaN;

        // Random pixels would pass; a row that is not a number must be noticed.
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            OnnxExporter.Export(network, new() { ValidationRows = rows }, folder["model.onnx"])
        );
    }

    [TestMethod]
    public void Network_is_left_in_training_if_it_was_in_training()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey with { DropoutRate = 0.5 });
        network.train();

        var result = OnnxExporter.Export(network, new(), folder["model.onnx"]);

        Assert.IsTrue(network.training);
        Assert.IsTrue(result.MaxAbsDifference is > 0 and <= 1e-4, $"{result.MaxAbsDifference}");
    }

    static void AssertAgreement(NoisyViTConfiguration configuration, int batch)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(configuration);
        var result = OnnxExporter.Export(network, new(), folder["model.onnx"]);
        Assert.IsTrue(result.MaxAbsDifference <= 1e-4, $"{result.MaxAbsDifference}");

        using var session = new InferenceSession(folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, batch, seed: 3);
        var logits = RandomNetwork.Logits(network, pixels);
        AssertClose(logits, Run(session, network, pixels, "Logits"), 1e-4);
        AssertClose(RandomNetwork.Features(network, pixels), Run(session, network, pixels, "ClassToken"), 1e-4);
        AssertClose(Softmax(logits, configuration.ClassCount), Run(session, network, pixels, "Score"), 1e-5);
        // Scores that are all alike would agree without showing anything.
        Assert.IsGreaterThan(0.1f, logits.Max() - logits.Min());
    }

    static float[] Run(InferenceSession session, ImageClassifier network, float[] pixels, string output)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(
            pixels,
            [pixels.Length / network.InputLength, network.Channels, network.Height, network.Width]
        );
        using var options = new RunOptions();
        using var results = session.Run(options, ["Pixels"], [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    static float[] Softmax(float[] logits, int classCount) =>
        [
            .. logits
                .Chunk(classCount)
                .SelectMany(row =>
                {
                    var powers = row.Select(logit => Math.Exp(logit - row.Max())).ToList();
                    return powers.Select(power => (float)(power / powers.Sum()));
                }),
        ];

    static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], tolerance, $"value {index}");
    }
}
