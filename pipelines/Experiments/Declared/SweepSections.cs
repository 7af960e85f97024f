using System.ComponentModel.DataAnnotations;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>Many trainings of one experiment that differ in settings. Each is a trial, once for each seed or fold.</summary>
/// <param name="Arms">Named settings that are compared. The first arm is the reference.</param>
/// <param name="Grid">
/// Keys with dots, and a list or a range of values for each. There is a trial for each combination of them, in each arm.
/// </param>
/// <param name="Random">
/// Keys with dots, and a list or a range of values for each. A sample draws a value for each key, and joins each combination of the grid.
/// </param>
/// <param name="Samples">The number of samples from <c>random</c>.</param>
/// <param name="SampleSeed">The seed of the samples.</param>
/// <param name="Exclude">Settings to leave out: keys with dots, and a value, a list or a range for each. All keys must agree.</param>
/// <param name="Stop">Ends settings early that do worse than others on validation rows. Default: every trial runs to its end.</param>
public sealed record SweepSection(
    IReadOnlyList<ArmSection> Arms,
    IReadOnlyList<Assignment> Grid,
    IReadOnlyList<Assignment> Random,
    [Range(1, 10_000)] int? Samples = null,
    int SampleSeed = 1,
    IReadOnlyList<IReadOnlyList<Assignment>>? Exclude = null,
    StopSection? Stop = null
)
{
    /// <inheritdoc cref="SweepSection"/>
    public IReadOnlyList<ArmSection> Arms { get; } =
        Arms.GroupBy(arm => arm.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ArgumentException($"two arms have the name '{twice.Key}'; each needs a name of its own", nameof(Arms))
        : Arms.Count == 1 ? throw new ArgumentException("one arm has nothing to be compared with; add another one", nameof(Arms))
        : Arms;

    /// <inheritdoc cref="SweepSection"/>
    public IReadOnlyList<Assignment> Random { get; } =
        Random.Count > 0 && Samples is null
            ? throw new ArgumentException("'random' needs the number of samples: add 'samples: 20' under 'sweep'", nameof(Random))
            : Random;

    /// <inheritdoc cref="SweepSection"/>
    public IReadOnlyList<Assignment> Grid { get; } =
        Grid.Concat(Arms.SelectMany(arm => arm.Set).DistinctBy(key => key.Path))
            .Concat(Random)
            .GroupBy(key => key.Path)
            .FirstOrDefault(same => same.Count() > 1)
            is { } twice
            ? throw new ArgumentException(
                $"{twice.Key} is varied in two of 'arms', 'grid' and 'random', and one value would replace the other; keep one of them",
                nameof(Grid)
            )
            : Grid;

    /// <inheritdoc cref="SweepSection"/>
    public IReadOnlyList<IReadOnlyList<Assignment>>? Exclude { get; } =
        Exclude?.SelectMany(exclusion => exclusion).FirstOrDefault(key => !Grid.Concat(Random).Any(varied => varied.Path == key.Path))
            is { } stranger
            ? throw new ArgumentException($"neither 'grid' nor 'random' varies {stranger.Path}; nothing would be excluded", nameof(Exclude))
            : Exclude;

    /// <inheritdoc cref="SweepSection"/>
    public StopSection? Stop { get; } =
        Stop is not null && Arms.Count > 0
            ? throw new ArgumentException(
                "arms are compared pair by pair, and a stopped arm has no pairs; vary the settings in 'grid' or 'random', or leave out 'stop'",
                nameof(Stop)
            )
            : Stop;

    /// <inheritdoc cref="SweepSection"/>
    public int? Samples { get; } =
        Samples is not null && Random.Count == 0
            ? throw new ArgumentException(
                "'samples' counts draws of 'random', which is missing; add it, or leave out 'samples'",
                nameof(Samples)
            )
            : Samples;
}

/// <summary>
/// Successive halving. At the end of each of some epochs, the settings with the best means on validation rows continue, and the others end.
/// </summary>
/// <param name="Epochs">The epochs, in ascending order. Every trial must have more.</param>
/// <param name="Keep">The share of the settings that continues, rounded up.</param>
public sealed record StopSection(IReadOnlyList<int> Epochs, [Range(0.01, 0.99)] double Keep = 0.5)
{
    /// <inheritdoc cref="StopSection"/>
    public IReadOnlyList<int> Epochs { get; } =
        Epochs.Count == 0 ? throw new ArgumentException("name the epochs after which settings end, such as [2, 5]", nameof(Epochs))
        : Epochs[0] < 1 || Epochs.Zip(Epochs.Skip(1)).Any(pair => pair.First >= pair.Second)
            ? throw new ArgumentException("epochs are counted from 1, and each must be later than the one before", nameof(Epochs))
        : Epochs;

    /// <summary>How many of some settings continue.</summary>
    public int Kept(int settings) => Math.Max(1, (int)Math.Ceiling(Keep * settings - 1e-9));
}

/// <summary>Settings with a name.</summary>
/// <param name="Name">The name of the arm, and of its folders.</param>
/// <param name="Set">Keys with dots, and the value of each; none for the experiment as it is.</param>
public sealed record ArmSection(string Name, IReadOnlyList<Assignment> Set)
{
    /// <inheritdoc cref="ArmSection"/>
    public string Name { get; } =
        RunName.IsValid(Name)
            ? Name
            : throw new ArgumentException($"'{Name}' cannot name an arm; use letters, digits, '-', '_' and '.'", nameof(Name));
}
