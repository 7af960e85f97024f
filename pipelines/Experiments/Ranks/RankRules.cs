using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Ranks;

/// <summary>What an experiment cannot have if several processes train each network together.</summary>
static class RankRules
{
    /// <exception cref="DeclarationException">The experiment has it; the message has the remedy.</exception>
    public static void Check(ExperimentFile file)
    {
        var experiment = file.Experiment;
        var ranks = experiment.Training.Ranks;
        if (ranks == 1)
            return;
        if (SweepPlan.Of(experiment).Count > 0)
            throw new DeclarationException(
                file.Path,
                $"training.ranks is {ranks}, but a sweep, several seeds or folds train many networks side by side. Set ranks to 1, or train "
                    + "one setting, seed and fold"
            );
        if (experiment.Noise.Latent is { Training: true, Noise.IsTransductive: true } latent)
            throw file.Refuse(
                latent,
                new ArgumentException(
                    $"this noise mixes the rows of a batch in training, but each of the {ranks} ranks has only its own rows; set "
                        + "training.ranks to 1, or mix along another axis"
                )
            );
    }
}
