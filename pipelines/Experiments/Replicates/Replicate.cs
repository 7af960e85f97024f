using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Replicates;

/// <summary>
/// One of the runs that a declaration asks for where it names several seeds, or folds. A replicate is a complete run, the same as if its
/// seed or fold had been declared alone.
/// </summary>
/// <param name="Name">Its folder inside the folder of the run: <c>seed-2</c>.</param>
/// <param name="Title">What it is called: "seed 2".</param>
/// <param name="Override">What sets it apart, as an override of the declaration: <c>seed=2</c>.</param>
public sealed record Replicate(string Name, string Title, string Override)
{
    /// <summary>The replicates of an experiment; none where it is a single run.</summary>
    public static IReadOnlyList<Replicate> Of(Experiment experiment) =>
        experiment switch
        {
            { Seeds.Count: > 1 } => [.. experiment.Seeds.Select(seed => new Replicate($"seed-{seed}", $"seed {seed}", $"seed={seed}"))],
            { Data: { Folds: { } folds, JudgingFold: null } } =>
            [
                .. Enumerable.Range(1, folds).Select(fold => new Replicate($"fold-{fold}", $"fold {fold}", $"data.fold={fold}")),
            ],
            _ => [],
        };

    /// <summary>
    /// The folder that stands for a run where a single network is needed: its own, or that of its first replicate, which is not chosen by
    /// what it scored. A path that is no run with replicates stays as it is.
    /// </summary>
    /// <exception cref="Yaml.DeclarationException">The run's declaration is damaged.</exception>
    public static string FolderOfOne(string path)
    {
        var declaration = Path.Combine(path, RunFolder.ExperimentFileName);
        // Any other folder stands for itself, whatever its declaration is like.
        return HasReplicates(path) && File.Exists(declaration) && Of(ExperimentFile.Load(declaration).Experiment) is [var first, ..]
            ? Path.Combine(path, first.Name)
            : path;
    }

    static bool HasReplicates(string path) =>
        Directory.Exists(path)
        && (Directory.EnumerateDirectories(path, "seed-*").Any() || Directory.EnumerateDirectories(path, "fold-*").Any());
}
