using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Yaml;

[TestClass]
public sealed class SpellingTests
{
    [TestMethod]
    [DataRow("kitten", "sitting", 3)] // the textbook case: two substitutions and an insertion
    [DataRow("strenght", "strength", 1)] // neighbours swapped
    [DataRow("", "axis", 4)]
    [DataRow("Axis", "axis", 0)]
    public void The_distance_counts_edits_and_swaps_of_neighbours(string first, string second, int edits)
    {
        Assert.AreEqual(edits, Spelling.Distance(first, second));
        Assert.AreEqual(edits, Spelling.Distance(second, first));
    }

    [TestMethod]
    public void A_word_far_from_all_is_answered_with_all() =>
        Assert.AreEqual("valid here: epochs, batchSize", Spelling.Suggest("colour", ["epochs", "batchSize"]));
}
