using System.Text.Json.Nodes;
using Microsoft.ML;
using NoisyNN.Models.Networks.FullyConnected;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Tests.Cli;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training;

/// <summary>Self-supervised training by SimCLR (Chen et al., arXiv 2002.05709) with a linear probe.</summary>
[TestClass]
public sealed class SimClrTests
{
    [TestMethod]
    public void The_loss_is_that_of_a_hand_computation()
    {
        using var scope = NewDisposeScope();
        double[][] first =
        [
            [1, 2],
            [-1, 0.5],
            [0.3, -2],
        ];
        double[][] second =
        [
            [1.5, 2],
            [-2, 1.5],
            [1, -1],
        ];

        var loss = NormalizedContrast.Loss(Matrix(first), Matrix(second), temperature: 0.5).item<double>();

        // Equation 1: the mean over all views of -ln(exp(sim(i, j) / τ) / Σ_{k ≠ i} exp(sim(i, k) / τ)).
        double[][] all = [.. first, .. second];
        double Similarity(int i, int k) => (all[i][0] * all[k][0] + all[i][1] * all[k][1]) / (Length(all[i]) * Length(all[k]));
        var expected = Enumerable
            .Range(0, 6)
            .Average(i =>
                -Math.Log(
                    Math.Exp(Similarity(i, (i + 3) % 6) / 0.5)
                        / Enumerable.Range(0, 6).Where(k => k != i).Sum(k => Math.Exp(Similarity(i, k) / 0.5))
                )
            );
        Assert.AreEqual(expected, loss, 1e-5);

        static double Length(double[] row) => Math.Sqrt(row[0] * row[0] + row[1] * row[1]);

        static Tensor Matrix(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray()).reshape(3, 2);
    }

    [TestMethod]
    public void Views_that_agree_and_images_that_differ_have_a_low_loss()
    {
        using var scope = NewDisposeScope();
        var codes = eye(4, dtype: ScalarType.Float64);

        // Each code is at 1 from its partner and at 0 from the six others: ln(1 + 6 exp(-1/τ)).
        Assert.AreEqual(Math.Log(1 + 6 * Math.Exp(-10)), NormalizedContrast.Loss(codes, codes.clone(), 0.1).item<double>(), 1e-9);
    }

    [TestMethod]
    public void The_probe_beats_chance_on_planted_clusters()
    {
        using var experiment = new TinyExperiment();

        var accuracy = Train(experiment, "clusters", epochs: 6);

        // Two classes of equal size: chance is 0.5, and 16 test rows.
        Assert.IsGreaterThan(0.8, accuracy);
    }

    [TestMethod]
    public void Labels_do_not_reach_the_body()
    {
        using var experiment = new TinyExperiment();

        Train(experiment, "true", epochs: 1);
        Train(experiment, "random", epochs: 1, "data.randomLabels=1");

        var (one, other) = (Weights(experiment, "true"), Weights(experiment, "random"));
        foreach (var (name, values) in one.Where(weight => !weight.Key.StartsWith("head", StringComparison.Ordinal)))
            Assert.AreSequenceEqual(values, other[name], name);
        Assert.IsTrue(
            one.Any(weight => weight.Key.StartsWith("head", StringComparison.Ordinal) && !weight.Value.SequenceEqual(other[weight.Key]))
        );
    }

    [TestMethod]
    public void Views_need_an_augmentation()
    {
        var trainer = () =>
            new NetworkTrainer(
                new MLContext(),
                new(new PerceptronConfiguration()) { SimClr = new SimClr(), Augmentation = new Augmentation(MixupAlpha: 0.2) }
            );

        Assert.Contains("its views of an image come from Augmentation", Assert.ThrowsExactly<ArgumentException>(trainer).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SimClr(Temperature: 0));
    }

    static double Train(TinyExperiment experiment, string name, int epochs, params string[] overrides)
    {
        var run = experiment.Train(
            name,
            [
                "evaluation={baseline: false, batches: [4], shuffles: 1}",
                "noise={}",
                "network={architecture: perceptron, widths: [16]}",
                $"training={{epochs: {epochs}, batchSize: 16, learningRate: 0.01, clipNorm: 0, threads: 1, simClr: {{temperature: 0.5}}, augmentation: {{cropPadding: 2, horizontalFlip: true}}}}",
                .. overrides,
            ]
        );
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(File.ReadAllText(experiment[$"runs/{name}/summary.json"]))!["runs"]![0]!["testAccuracy"]!.GetValue<double>();
    }

    static Dictionary<string, float[]> Weights(TinyExperiment experiment, string name)
    {
        using var file = NetworkFile.Read(experiment[$"runs/{name}/vanilla/network.safetensors"]);
        return file.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.data<float>().ToArray());
    }
}
