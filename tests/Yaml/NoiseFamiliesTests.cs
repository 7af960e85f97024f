using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Severity;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.Yaml;

[TestClass]
public class NoiseFamiliesTests
{
    [TestMethod]
    public void Every_family_is_declared_by_its_name_and_its_parameters()
    {
        Assert.AreEqual(new UniformNoise(12), Declared("family: uniform", "halfWidth: 12"));
        Assert.AreEqual(new LaplaceNoise(4), Declared("family: laplace", "scale: 4"));
        Assert.AreEqual(new SpeckleNoise(0.2), Declared("family: speckle", "standardDeviation: 0.2"));
        Assert.AreEqual(new PoissonNoise(12, 255), Declared("family: poisson", "photons: 12"));
        Assert.AreEqual(
            new SaltAndPepperNoise(0.1, ValueRange.Pixels),
            Declared("family: salt-and-pepper", "probability: 0.1", "extremes: {low: 0, high: 255}")
        );
        Assert.AreEqual(
            new QualityMatrixNoise(
                [
                    [0, 0.5],
                    [0.25, 0],
                ],
                MixAxis.SpatialRows
            ),
            Declared("family: quality-matrix", "q: [[0, 0.5], [0.25, 0]]", "axis: spatial-rows")
        );
    }

    [TestMethod]
    public void Noise_is_clipped_to_a_declared_range()
    {
        Assert.AreEqual(
            new GaussianNoise(20, 0, ValueRange.Pixels),
            Declared("family: gaussian", "standardDeviation: 20", "clip: {low: 0, high: 255}")
        );
        Refused(":7: pipeline.0.clip: High is 0.", "family: gaussian", "standardDeviation: 20", "clip: {low: 5, high: 0}");
        Refused("pipeline.0.clip.high is missing", "family: gaussian", "standardDeviation: 20", "clip: {low: 5}");
    }

    [TestMethod]
    [DataRow("gaussian")]
    [DataRow("shot")]
    [DataRow("impulse")]
    [DataRow("speckle")]
    public void ImageNet_C_is_declared_by_severity_and_written_down_as_what_it_stands_for(string kind)
    {
        NoiseDefinition expected = kind switch
        {
            "gaussian" => ImageNetC.Gaussian(3),
            "shot" => ImageNetC.Shot(3),
            "impulse" => ImageNetC.Impulse(3),
            _ => ImageNetC.Speckle(3),
        };
        Assert.AreEqual(expected, Declared($"family: imagenet-c-{kind}", "severity: 3"));
        Refused(":6: pipeline.0: Severity is 6.", $"family: imagenet-c-{kind}", "severity: 6");
        Refused("pipeline.0.severity is missing", $"family: imagenet-c-{kind}");
    }

    [TestMethod]
    public void What_is_written_down_reads_back_as_the_same_noise()
    {
        foreach (
            var lines in new string[][]
            {
                ["family: quality-matrix", "q: [[0, 0.5], [0.25, 0]]", "axis: batch"],
                ["family: imagenet-c-impulse", "severity: 5"],
                ["family: laplace", "scale: 4.5", "clip: {low: -1, high: 1}"],
            }
        )
        {
            var file = Parse(lines);
            Assert.AreEqual(file.Experiment.Pipeline[0], ExperimentFile.Parse(file.Effective, "written.yaml").Experiment.Pipeline[0]);
        }
    }

    [TestMethod]
    public void A_matrix_that_is_wrong_is_refused_at_its_line()
    {
        Refused(":6: pipeline.0: Q must be square", "family: quality-matrix", "q: [[0, 1], [0]]", "axis: batch");
        Refused(":6: pipeline.0: Q of 2 by 2 makes I+Q singular", "family: quality-matrix", "q: [[-0.5, 0.5], [0.5, -0.5]]", "axis: batch");
        Refused("pipeline.0.q.1 takes a list", "family: quality-matrix", "q: [[0, 1], 3]", "axis: batch");
        Refused("Q is empty", "family: quality-matrix", "axis: batch");
    }

    [TestMethod]
    public void Every_name_makes_a_noise_and_records_are_named_like_themselves()
    {
        foreach (var name in NoiseFamilies.Names)
            Assert.IsNotNull(NoiseFamilies.Find(name), name);
        Assert.IsNull(NoiseFamilies.Find("perlin"));
        var families = typeof(NoiseDefinition)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(NoiseDefinition)) && !type.IsAbstract);
        CollectionAssert.IsSubsetOf(
            families.ToArray(),
            NoiseFamilies.Names.Select(name => NoiseFamilies.Find(name)!.DeclaringType).ToArray()
        );
    }

    [TestMethod]
    public void Noise_is_told_in_words_without_what_is_not_set()
    {
        Assert.AreEqual("uniform (half width 3)", NoiseWords.Describe(new UniformNoise(3)));
        Assert.AreEqual(
            "gaussian (standard deviation 20, mean 0, clip 0 to 255)",
            NoiseWords.Describe(new GaussianNoise(20, 0, ValueRange.Pixels))
        );
        Assert.AreEqual(
            "quality-matrix (q of 2 by 2, axis tokens)",
            NoiseWords.Describe(
                new QualityMatrixNoise(
                    [
                        [0, 0.5],
                        [0.25, 0],
                    ],
                    MixAxis.Tokens
                )
            )
        );
    }

    static NoiseDefinition Declared(params string[] lines) => Parse(lines).Experiment.Pipeline.Single().Noise;

    static void Refused(string message, params string[] lines) =>
        Assert.Contains(message, Assert.ThrowsExactly<DeclarationException>(() => Parse(lines)).Message);

    static ExperimentFile Parse(string[] lines) =>
        ExperimentFile.Parse(
            $"name: trial\ndata:\n  manifest: fashion-mnist\npipeline:\n  - {string.Join("\n    ", lines)}\n",
            "trial.yaml"
        );
}
