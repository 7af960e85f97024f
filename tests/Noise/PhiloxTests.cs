using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Tests.Noise;

/// <summary>Known-answer vectors of philox4x32-10 as published with Random123 (kat_vectors).</summary>
[TestClass]
public class PhiloxTests
{
    [TestMethod]
    public void A_zero_counter_under_a_zero_key_gives_the_published_words() =>
        Assert.AreEqual(new Philox4x32.Words(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8), Philox4x32.Generate(new(0, 0, 0, 0), 0, 0));

    [TestMethod]
    public void All_ones_give_the_published_words() =>
        Assert.AreEqual(
            new Philox4x32.Words(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd),
            Philox4x32.Generate(new(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue), uint.MaxValue, uint.MaxValue)
        );

    [TestMethod]
    public void The_digits_of_pi_give_the_published_words() =>
        Assert.AreEqual(
            new Philox4x32.Words(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1),
            Philox4x32.Generate(new(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344), 0xa4093822, 0x299f31d0)
        );
}
