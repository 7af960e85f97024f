using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Experiments;

/// <summary>How several seeds are declared, and what is made of them.</summary>
[TestClass]
public sealed class SeedsTests
{
    static ExperimentFile Parse(string lines, params string[] overrides) =>
        ExperimentFile.Parse($"name: trial\ndata:\n  manifest: fashion-mnist\n{lines}\n", "trial.yaml", overrides);

    [TestMethod]
    [DataRow("", "1")]
    [DataRow("seed: 7", "7")]
    [DataRow("seed: [7]", "7")]
    [DataRow("seed: [3, 1, -2]", "3,1,-2")]
    public void One_seed_or_a_list_of_them_is_declared_under_one_key(string lines, string seeds) =>
        Assert.AreEqual(seeds, string.Join(',', Parse(lines).Experiment.Seeds));

    [TestMethod]
    public void An_override_takes_the_place_of_the_whole_list()
    {
        Assert.AreEqual("2", string.Join(',', Parse("seed: [1, 2, 3]", "seed=2").Experiment.Seeds));
        Assert.AreEqual("4,5", string.Join(',', Parse("seed: 1", "seed=[4, 5]").Experiment.Seeds));
    }

    [TestMethod]
    public void One_seed_is_written_down_as_ever_and_a_list_reads_back()
    {
        StringAssert.Contains(Parse("seed: [7]").Effective, "seed: 7\n");
        var several = Parse("seed: [3, 1]").Effective;
        Assert.AreEqual("3,1", string.Join(',', ExperimentFile.Parse(several, "written.yaml").Experiment.Seeds));
    }

    [TestMethod]
    [DataRow("seed: []", "trial.yaml:4: seed takes a whole number or a list of them, not an empty list")]
    [DataRow("seed: [1, two]", "trial.yaml:4: seed.1 takes a whole number, not 'two'")]
    [DataRow("seed: {a: 1}", "trial.yaml:4: seed takes a whole number or a list of them, not keys and values")]
    [DataRow("seed:", "trial.yaml:4: seed takes a whole number, not nothing")]
    [DataRow("seed: [2, 1, 2]", "trial.yaml:4: the experiment: the seed 2 is in the list 2 times")]
    public void A_list_that_means_nothing_is_refused_with_its_line(string lines, string message) =>
        StringAssert.StartsWith(Assert.ThrowsExactly<DeclarationException>(() => Parse(lines)).Message, message);

    [TestMethod]
    public void A_trial_is_the_experiment_with_its_seed_alone()
    {
        Assert.IsEmpty(SweepPlan.Of(Parse("seed: 3").Experiment));
        var several = Parse("seed: [3, 1]");
        var trials = SweepPlan.Of(several.Experiment);

        CollectionAssert.AreEqual(new[] { "seed-3", "seed-1" }, trials.Select(trial => trial.Name).ToArray());
        Assert.AreEqual(Parse("seed: 1").Effective, several.With(trials[1].Settings).Effective);
    }

    [TestMethod]
    [DataRow(3, 0, 2, false, 2, 1)]
    [DataRow(3, 0, 16, false, 3, 5)]
    [DataRow(3, 0, 1, false, 1, 1)]
    [DataRow(3, 1, 2, false, 2, 1)]
    [DataRow(3, 2, 2, false, 1, 2)]
    [DataRow(3, 4, 2, false, 1, 4)]
    [DataRow(5, 2, 8, false, 4, 2)]
    [DataRow(3, 0, 16, true, 1, 16)]
    public void Trials_share_the_processors(int trials, int threads, int processors, bool onGpu, int processes, int threadsOfEach) =>
        Assert.AreEqual(new Parallelism(processes, threadsOfEach), Parallelism.Of(trials, threads, processors, onGpu));

    [TestMethod]
    [DataRow(1, 16L)]
    [DataRow(4, 4L)]
    public void Trials_share_the_memory_that_one_training_would_take(int processes, long bytes) =>
        Assert.AreEqual(bytes, Parallelism.RowMemoryBytes(available: 64, processes));
}
