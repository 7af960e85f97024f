using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class RandomTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    // The first numbers that PyTorch's CPU generator gives after torch.manual_seed(0), as its documentation prints them.
    [TestMethod]
    public void Seed_0_gives_the_numbers_that_PyTorch_gives()
    {
        manual_seed(0);
        Numbers.AreClose([0.4963, 0.7682, 0.0885, 0.1320], rand(4), 5e-5);
        manual_seed(0);
        Numbers.AreClose([1.5410, -0.2934, -2.1788], randn(3), 5e-5);
    }

    [TestMethod]
    public void A_state_brings_back_the_same_numbers()
    {
        manual_seed(7);
        randn(3);
        var state = get_rng_state();
        float[] first = randn(5).Values(), permutation = randperm(9).Values();
        set_rng_state(state);
        CollectionAssert.AreEqual(first, randn(5).Values());
        CollectionAssert.AreEqual(permutation, randperm(9).Values());
    }

    [TestMethod]
    public void A_generator_of_its_own_does_not_disturb_the_default_one()
    {
        using var own = new Generator(11);
        manual_seed(3);
        var expected = rand(4).Values();
        manual_seed(3);
        var aside = rand(4, generator: own).Values();
        CollectionAssert.AreEqual(expected, rand(4).Values());
        using var again = new Generator(11);
        CollectionAssert.AreEqual(aside, rand(4, generator: again).Values());
    }

    [TestMethod]
    public void Whole_numbers_stay_within_their_bounds_and_permutations_are_complete()
    {
        manual_seed(1);
        var numbers = randint(2, 5, new long[] { 1000 }).data<long>().ToArray();
        CollectionAssert.AreEquivalent(new long[] { 2, 3, 4 }, numbers.Distinct().ToArray());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 50).Select(i => (long)i).ToArray(), randperm(50).data<long>().ToArray());
    }

    [TestMethod]
    public void Filling_by_chance_has_the_moments_asked_for()
    {
        manual_seed(2);
        var x = empty(200_000);
        Assert.AreEqual(1.5, x.normal_(1.5, 2).mean().item<float>(), 0.02);
        Assert.AreEqual(2, x.std().item<float>(), 0.02);
        Assert.AreEqual(0.25, x.bernoulli_(0.25).mean().item<float>(), 0.01);
        Assert.AreEqual(0.5, x.uniform_(0, 1).mean().item<float>(), 0.01);
        Assert.AreEqual(0, x.log_normal_(0, 0.5).log().mean().item<float>(), 0.01);
    }
}
