using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.Training;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class AllCnnExportTests
{
    static readonly AllCnnConfiguration Tiny = new()
    {
        ImageSize = 9,
        Channels = 3,
        ClassCount = 4,
        Widths = [4, 6, 8],
        Mean = [0.4, 0.5, 0.6],
        StandardDeviation = [0.2, 0.3, 0.4],
    };

    [TestMethod]
    [DataRow(InformationPrior.LogUniform, 1)]
    [DataRow(InformationPrior.LogNormal, 2)]
    [DataRow(InformationPrior.LogUniform, 7)]
    [DataRow(InformationPrior.LogNormal, 64)]
    public void File_and_network_agree(InformationPrior prior, int batch)
    {
        using var folder = new TemporaryFolder();
        using var network = Network(Tiny with { Dropout = new() { Prior = prior } });
        var path = Path.Combine(folder.Path, "model.onnx");
        Assert.IsLessThanOrEqualTo(1e-4, OnnxExporter.Export(network, new(), path).MaxAbsDifference);

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var random = new Random(4);
        var pixels = Enumerable.Range(0, batch * network.InputLength).Select(_ => (float)random.Next(256)).ToArray();
        var expected = network.call(tensor(pixels).reshape(batch, 3, 9, 9)).contiguous().data<float>().ToArray();
        using var session = new InferenceSession(path);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, 3, 9, 9]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["Pixels"], [input], ["Logits"]);
        var actual = results[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-4);
        // Scores that are all alike would agree without showing anything.
        Assert.IsGreaterThan(0.01f, expected.Max() - expected.Min());
    }

    [TestMethod]
    public void A_file_for_any_image_size_takes_any()
    {
        using var folder = new TemporaryFolder();
        using var network = Network(Tiny);
        // The exporter compares one image of another size, too.
        Assert.IsLessThanOrEqualTo(
            1e-4,
            OnnxExporter.Export(network, new() { AnyImageSize = true }, folder["model.onnx"]).MaxAbsDifference
        );
        using var session = new InferenceSession(folder["model.onnx"]);
        CollectionAssert.AreEqual(new[] { -1, 3, -1, -1 }, session.InputMetadata["Pixels"].Dimensions);
    }

    [TestMethod]
    public void What_computes_the_noise_stays_out_of_the_file()
    {
        using var folder = new TemporaryFolder();
        using var network = Network(Tiny);
        using var silent = Network(Tiny with { Dropout = new() { Kind = DropoutKind.None } });
        var (path, silentPath) = (Path.Combine(folder.Path, "model.onnx"), Path.Combine(folder.Path, "silent.onnx"));
        OnnxExporter.Export(network, new(), path);
        OnnxExporter.Export(silent, new(), silentPath);
        Assert.AreEqual(new FileInfo(silentPath).Length, new FileInfo(path).Length, 64.0);
    }

    [TestMethod]
    public void A_saved_chain_loads_where_only_ML_NET_is_known()
    {
        using var folder = new TemporaryFolder();
        var images = new PlantedImages();
        using var model = images.Context.Vision.AllCnn(AllCnnTrainerTests.Options(epochs: 1)).Fit(images.View(60));
        var view = images.View(20, seed: 5);
        var path = Path.Combine(folder.Path, "model.zip");
        images.Context.Model.Save(model, view.Schema, path);

        var loaded = new MLContext().Model.Load(path, out _).Transform(view).GetColumn<float[]>("Score").ToArray();
        var expected = model.Transform(view).GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < 20; row++)
        for (var label = 0; label < 3; label++)
            Assert.AreEqual(expected[row][label], loaded[row][label], 1e-4);
    }

    static AllCnn Network(AllCnnConfiguration configuration)
    {
        manual_seed(6);
        var network = new AllCnn(configuration);
        using var gradients = no_grad();
        foreach (var parameter in network.parameters())
            parameter.add_(randn_like(parameter) * 0.1);
        foreach (
            var (name, buffer) in network.named_buffers().Where(entry => entry.name.EndsWith("running_mean", StringComparison.Ordinal))
        )
            buffer.add_(randn_like(buffer) * 0.1);
        network.eval();
        return network;
    }
}
