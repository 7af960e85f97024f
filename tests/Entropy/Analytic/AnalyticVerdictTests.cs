using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Tests.Entropy.Analytic;

[TestClass]
public class AnalyticVerdictTests
{
    [TestMethod]
    [DataRow(
        1.46,
        0.0,
        "Paper: positive noise",
        "0, adds no label information",
        "The two disagree: contracts volume, adds no label information."
    )]
    [DataRow(
        1.46,
        -0.2,
        "Paper: positive noise",
        "removes label information",
        "The two disagree: contracts volume and loses label information."
    )]
    [DataRow(-0.39, -0.04, "Paper: harmful noise", "removes label information", "Neither figure says how well a network will train")]
    [DataRow(0.0, 0.0, "Paper: harmful noise by its definition", "0, adds no label information", "Neither figure")]
    public void The_verdict_says_both_readings_and_where_they_part(
        double paper,
        double conditional,
        string papers,
        string consistent,
        string agreement
    )
    {
        var verdict = new NoiseEntropyChange("any", "nats") { Paper = paper, Conditional = conditional }.Verdict;
        StringAssert.StartsWith(verdict, papers);
        StringAssert.Contains(verdict, consistent);
        StringAssert.Contains(verdict, agreement);
        Assert.AreEqual(paper > 0, verdict.Contains("disagree", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Rounding_is_no_sign()
    {
        var verdict = new NoiseEntropyChange("any", "nats") { Paper = 1.1, Conditional = -4e-16 }.Verdict;
        StringAssert.Contains(verdict, "Conditional: 0, adds no label information");
    }

    [TestMethod]
    public void What_the_data_decide_is_said_to_be_at_most_0()
    {
        StringAssert.Contains(
            new GaussianNoise(1).EntropyChange(4).Verdict,
            "at most 0: noise that does not know the labels cannot add label information"
        );
        StringAssert.Contains(new SaltAndPepperNoise(0.1).EntropyChange(4).Verdict, "Paper: harmful noise");
    }

    [TestMethod]
    public void Singular_mixing_has_no_verdict() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = new CircularShiftNoise(0.5).EntropyChange(16).Verdict);
}
