using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>
/// A file that states one claim and how it is judged: an experiment with <c>claim</c> and <c>evidence</c>, or a command.
/// </summary>
public sealed class ClaimFile
{
    const string CommandKey = "command";

    readonly ExperimentFile? _experiment;

    ClaimFile(string path, ExperimentFile? experiment, CommandClaim? command)
    {
        Path = path;
        Paper = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        _experiment = experiment;
        Command = command;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The paper that makes the claim: the name of the file's folder.</summary>
    public string Paper { get; }

    /// <summary>The name of the claim.</summary>
    public string Name => Command?.Name ?? _experiment!.Experiment.Name;

    /// <summary>The claim in one sentence.</summary>
    public string Claim => Command?.Claim ?? _experiment!.Experiment.Claim!;

    /// <summary>Where the claim is made.</summary>
    public string Source => Command?.Source ?? Evidence.Source;

    /// <summary>The result that was expected before the first run.</summary>
    public string Expected => Command?.Expected ?? Evidence.Expected;

    /// <summary>The budget of the full form in minutes, on two processors.</summary>
    public int Minutes => Command?.Minutes ?? Evidence.Minutes;

    /// <summary>The command that settles the claim; null if an experiment does.</summary>
    public CommandClaim? Command { get; }

    /// <summary>How an experiment's claim is judged.</summary>
    public EvidenceSection Evidence => _experiment!.Experiment.Evidence!;

    /// <summary>The experiment, in its full or its quick form.</summary>
    public ExperimentFile Experiment(bool isQuick) => isQuick ? _experiment!.With(Evidence.Quick ?? []) : _experiment!;

    /// <summary>All claims of a folder, which has a folder for each paper.</summary>
    /// <exception cref="DeclarationException">A file is not valid, or two claims have one name.</exception>
    public static IReadOnlyList<ClaimFile> LoadAll(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DeclarationException(folder, "there is no such folder; give the folder of claim files with --from");
        var claims = Directory
            .EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(Load)
            .ToList();
        return claims.GroupBy(claim => claim.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new DeclarationException(twice.Last().Path, $"another claim has the name '{twice.Key}'; each needs a name of its own")
            : claims;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DeclarationException">The file is not valid.</exception>
    public static ClaimFile Load(string path)
    {
        var declaration = Declaration.Parse(ExperimentFile.ReadText(path), path, []);
        if (declaration.Has(CommandKey))
            return new ClaimFile(path, null, declaration.Bind<CommandClaim>("the claim"));

        var experiment = ExperimentFile.Load(path);
        if (experiment.Experiment is { Claim: null } or { Evidence: null })
            throw new DeclarationException(path, "a claim needs 'claim' and 'evidence': what is claimed, and how it is judged");
        if (SweepPlan.Of(experiment.Experiment).Count == 0)
            throw new DeclarationException(path, "one training settles no claim; list several seeds, such as 'seed: [1, 2, 3, 4, 5]'");
        var claim = new ClaimFile(path, experiment, null);
        // Both forms are checked before either runs.
        _ = claim.Experiment(isQuick: true);
        return claim;
    }

    /// <summary>What decides the result of a run, and how it is judged; not the words, nor the number of threads.</summary>
    internal static string IdentityOf(ExperimentFile file)
    {
        string[] words = ["claim", "evidence.source", "evidence.expected"];
        return file.With([
            .. words.Select(key => new Assignment(key, "same", key)),
            new Assignment("evidence.minutes", "1", "evidence.minutes"),
            new Assignment("training.threads", "0", "training.threads"),
        ]).Effective;
    }
}
