using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// One of the runs that a declaration asks for where it has a sweep, several seeds, or folds. A trial is a complete run, the same as if its
/// settings, seed and fold had been declared alone.
/// </summary>
/// <param name="Index">Its number, from 0. The declaration decides it.</param>
/// <param name="Name">Its folder inside the folder of the run: <c>seed-2</c>, <c>vanilla.seed-2</c>.</param>
/// <param name="Point">Its settings.</param>
/// <param name="Replicate">Its seed or fold; null where there is one.</param>
public sealed record Trial(int Index, string Name, SweepPoint Point, Replicate? Replicate)
{
    /// <summary>A run that is not divided into trials, as the only task of its folder.</summary>
    /// <param name="title">What the run is called.</param>
    public static Trial Whole(string title) => new(0, "", new SweepPoint("", title, null, []), null);

    /// <summary>What it is called: "vanilla, seed 2".</summary>
    public string Title =>
        string.Join(", ", new[] { Point.Title, Replicate?.Title }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } title
            ? title
            : Name;

    /// <summary>What sets it apart from the declaration.</summary>
    public IEnumerable<Assignment> Settings => [.. Point.Settings, .. Replicate is { } replicate ? [replicate.Setting] : (Assignment[])[]];

    /// <summary>
    /// The folder that stands for a run where a single network is needed: its own, or that of its first trial, which is not chosen by what
    /// it scored. A path that is no run with trials stays as it is.
    /// </summary>
    /// <exception cref="Yaml.DeclarationException">The run's declaration is damaged.</exception>
    public static string FolderOfOne(string path)
    {
        var declaration = Path.Combine(path, RunFolder.ExperimentFileName);
        // Any other folder stands for itself, whatever its declaration is like.
        return HasTrials(path) && File.Exists(declaration) && SweepPlan.Of(ExperimentFile.Load(declaration).Experiment) is [var first, ..]
            ? Path.Combine(path, first.Name)
            : path;
    }

    static bool HasTrials(string path) =>
        Directory.Exists(path)
        && Directory.EnumerateDirectories(path).Any(folder => File.Exists(Path.Combine(folder, RunFolder.ExperimentFileName)));
}

/// <summary>What several trials have in common that differ in seed or fold alone.</summary>
/// <param name="Name">The part of the folders' names; empty where a sweep has no settings.</param>
/// <param name="Title">What it is called; empty where a sweep has no settings.</param>
/// <param name="Arm">Its arm; null without arms.</param>
/// <param name="Settings">What sets it apart from the declaration.</param>
public sealed record SweepPoint(string Name, string Title, string? Arm, IReadOnlyList<Assignment> Settings);

/// <summary>One of several seeds or folds.</summary>
/// <param name="Name">The part of a folder's name: <c>seed-2</c>.</param>
/// <param name="Title">What it is called: "seed 2".</param>
/// <param name="Setting">What sets it apart: <c>seed=2</c>.</param>
public sealed record Replicate(string Name, string Title, Assignment Setting);
