using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>How a sweep is declared, and which trials come of it.</summary>
[TestClass]
public sealed class SweepPlanTests
{
    static ExperimentFile Parse(string lines) =>
        ExperimentFile.Parse($"name: sweep\ndata:\n  manifest: fashion-mnist\n{lines}\n", "sweep.yaml");

    static Experiment[] Trials(string lines)
    {
        var file = Parse(lines);
        return [.. SweepPlan.Of(file.Experiment).Select(trial => file.With(trial.Settings).Experiment)];
    }

    static string[] Names(string lines) => [.. SweepPlan.Of(Parse(lines).Experiment).Select(trial => trial.Name)];

    [TestMethod]
    public void Every_combination_of_the_grid_is_a_trial_for_each_seed()
    {
        var trials = Trials(
            """
            seed: [1, 2]
            sweep:
              grid:
                training.learningRate: [1e-3, 3e-3]
                network.depth: {from: 2, to: 4, step: 1}
            """
        );

        CollectionAssert.AreEqual(
            new[] { (0.001, 2, 1), (0.001, 2, 2), (0.001, 3, 1), (0.001, 3, 2), (0.001, 4, 1), (0.001, 4, 2) },
            trials.Take(6).Select(trial => (trial.Training.LearningRate, Depth(trial), trial.Seed)).ToArray()
        );
        Assert.HasCount(12, trials);
        Assert.IsTrue(trials.All(trial => trial.Sweep is null && trial.Seeds.Count == 1), "a trial sweeps nothing");

        static int Depth(Experiment trial) =>
            ((NoisyNN.Models.Networks.VisionTransformer.NoisyViTConfiguration)trial.Network.Configuration).Depth;
    }

    [TestMethod]
    public void A_range_has_its_end_although_its_step_has_no_finite_binary_form() =>
        CollectionAssert.AreEqual(
            new[] { 0.1, 0.2, 0.3 },
            Trials("sweep:\n  grid:\n    training.weightDecay: {from: 0.1, to: 0.3, step: 0.1}")
                .Select(trial => (double)trial.Training.WeightDecay)
                .ToArray()
        );

    [TestMethod]
    public void Arms_are_named_settings_and_may_take_away_what_the_experiment_has()
    {
        const string arms = """
            noise:
              input: {family: gaussian, standardDeviation: 0.1}
            seed: [1, 2]
            sweep:
              arms:
                - {name: vanilla, set: {noise.input: null}}
                - {name: gaussian}
                - {name: speckle, set: {noise.input: {family: speckle, standardDeviation: 0.1}}}
            """;

        CollectionAssert.AreEqual(
            new[] { "vanilla.seed-1", "vanilla.seed-2", "gaussian.seed-1", "gaussian.seed-2", "speckle.seed-1", "speckle.seed-2" },
            Names(arms)
        );
        CollectionAssert.AreEqual(
            new[] { null, null, "gaussian", "gaussian", "speckle", "speckle" },
            Trials(arms).Select(trial => trial.Noise.Input?.Noise.Name).ToArray()
        );
    }

    [TestMethod]
    public void Samples_are_drawn_from_the_whole_range_and_are_the_same_every_time()
    {
        const string random = """
            sweep:
              random:
                training.learningRate: {from: 1e-4, to: 1e-2, scale: log}
                training.batchSize: [32, 64]
              samples: 400
            """;
        var trials = Trials(random);
        var logarithms = trials.Select(trial => Math.Log10(trial.Training.LearningRate)).ToArray();

        Assert.IsTrue(logarithms.All(logarithm => logarithm is >= -4 and <= -2));
        // Uniform between -4 and -2: mean -3, standard deviation 2 / sqrt(12); the mean of 400 has a standard error of 0.029.
        Assert.AreEqual(-3, logarithms.Average(), 0.12);
        Assert.AreEqual(200, trials.Count(trial => trial.Training.BatchSize == 32), 40, "four standard deviations of a fair coin");
        CollectionAssert.AreEqual(logarithms, Trials(random).Select(trial => Math.Log10(trial.Training.LearningRate)).ToArray());
        Assert.IsFalse(
            logarithms.SequenceEqual(Trials($"{random}\n  sampleSeed: 2").Select(trial => Math.Log10(trial.Training.LearningRate)))
        );
    }

    [TestMethod]
    public void A_key_keeps_its_samples_when_another_one_is_added()
    {
        var alone = Trials("sweep: {random: {training.weightDecay: {from: 0, to: 1}}, samples: 5}");
        var beside = Trials("sweep: {random: {training.batchSize: [8, 16], training.weightDecay: {from: 0, to: 1}}, samples: 5}");

        CollectionAssert.AreEqual(
            alone.Select(trial => trial.Training.WeightDecay).ToArray(),
            beside.Select(trial => trial.Training.WeightDecay).ToArray()
        );
    }

    [TestMethod]
    public void What_is_excluded_is_no_trial_whatever_form_its_number_has() =>
        CollectionAssert.AreEqual(
            new[] { (0.001, 8), (0.001, 16), (0.003, 8) },
            Trials(
                    """
                    sweep:
                      grid: {training.learningRate: [1e-3, 3e-3], training.batchSize: [8, 16, 64]}
                      exclude:
                        - {training.learningRate: 0.003, training.batchSize: 16}
                        - {training.batchSize: {from: 32, to: 128}}
                    """
                )
                .Select(trial => ((double)trial.Training.LearningRate, trial.Training.BatchSize))
                .ToArray()
        );

    [TestMethod]
    public void The_declaration_of_a_run_reads_back_as_the_same_trials()
    {
        var file = Parse(
            """
            seed: [3, 4]
            sweep:
              arms:
                - {name: vanilla}
                - {name: noisy, set: {noise.latent: {family: circular-shift, strength: 0.3, axis: tokens}, claim: "a: b, 'c'"}}
              grid: {training.epochs: [1, 2]}
              random: {training.weightDecay: {from: 0.01, to: 0.1}}
              samples: 2
              exclude: [{training.epochs: 2}]
            """
        );
        var written = ExperimentFile.Parse(file.Effective, "written.yaml");

        Assert.AreEqual(file.Effective, written.Effective);
        CollectionAssert.AreEqual(
            SweepPlan.Of(file.Experiment).Select(trial => file.With(trial.Settings).Effective).ToArray(),
            SweepPlan.Of(written.Experiment).Select(trial => written.With(trial.Settings).Effective).ToArray()
        );
        Assert.AreEqual("a: b, 'c'", written.With(SweepPlan.Of(written.Experiment)[^1].Settings).Experiment.Claim);
    }

    [TestMethod]
    [DataRow("sweep: {grid: {training.epochs: []}}", "sweep.yaml:4: the list of training.epochs is empty")]
    [DataRow("sweep: {grid: {training.epochs: {from: 1, to: 3}}}", "sweep.yaml:4: the range of training.epochs has no end of values")]
    [DataRow("sweep: {grid: {training.epochs: {from: 3, to: 1, step: 1}}}", "sweep.yaml:4: the range of training.epochs is empty")]
    [DataRow("sweep: {random: {training.epochs: [1, 2]}}", "sweep.yaml:4: sweep: 'random' needs the number of samples")]
    [DataRow("sweep: {samples: 3}", "sweep.yaml:4: sweep: 'samples' counts draws of 'random', which is missing")]
    [DataRow("sweep: {arms: [{name: a}]}", "sweep.yaml:4: sweep: one arm has nothing to be compared with")]
    [DataRow("sweep: {arms: [{name: a}, {name: A}]}", "sweep.yaml:4: sweep: two arms have the name 'a'")]
    [DataRow("sweep: {arms: [{name: a/b}, {name: c}]}", "sweep.yaml:4: sweep.arms.0: 'a/b' cannot name an arm")]
    [DataRow(
        "sweep: {grid: {training.epochs: [1, 2]}, random: {training.epochs: [3]}, samples: 1}",
        "sweep.yaml:4: sweep: training.epochs is varied in two of 'arms', 'grid' and 'random'"
    )]
    [DataRow(
        "sweep: {arms: [{name: a}, {name: b, set: {training.epochs: 1}}], grid: {training.epochs: [1, 2]}}",
        "sweep.yaml:4: sweep: training.epochs is varied in two of 'arms', 'grid' and 'random'"
    )]
    [DataRow(
        "sweep: {grid: {training.epochs: [1, 2]}, exclude: [{training.batchSize: 8}]}",
        "sweep.yaml:4: sweep: neither 'grid' nor 'random' varies training.batchSize"
    )]
    [DataRow(
        "sweep: {grid: {training.epochs: {from: 1, to: 1000, step: 1}, training.batchSize: {from: 1, to: 1000, step: 1}}}",
        "sweep.yaml:4: the grid has more than 100000 combinations"
    )]
    [DataRow("sweep: {grid: [training.epochs]}", "sweep.yaml:4: sweep.grid takes keys with dots and their values")]
    [DataRow("sweep: {grid: {training.epochs: 1}, exclude: [{training.epochs: 1}]}", "sweep: 'exclude' leaves no trial")]
    [DataRow(
        "sweep: {random: {training.learningRate: {from: 0, to: 1, scale: log}}, samples: 2}",
        "sweep.yaml:4: a range of training.learningRate with 'scale: log' must begin above 0"
    )]
    public void A_sweep_that_means_nothing_is_refused_with_its_line(string lines, string message) =>
        StringAssert.StartsWith(Assert.ThrowsExactly<DeclarationException>(() => SweepPlan.Of(Parse(lines).Experiment)).Message, message);

    [TestMethod]
    [DataRow("sweep: {grid: {training.epoch: [1, 2]}}", "sweep.yaml:4: unknown key 'epoch' in training; did you mean 'epochs'?")]
    [DataRow("sweep:\n  grid:\n    training.epochs: [1, two]", "sweep.yaml:6: training.epochs takes a whole number, not 'two'")]
    public void A_value_that_an_experiment_refuses_is_refused_with_the_line_of_the_sweep(string lines, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<DeclarationException>(() => Trials(lines)).Message);
}
