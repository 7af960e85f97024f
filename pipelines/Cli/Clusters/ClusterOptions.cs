using System.CommandLine;
using System.CommandLine.Parsing;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>Where a command's work is submitted to.</summary>
/// <param name="System">The scheduler.</param>
/// <param name="IsDry">Whether to show what would be submitted, and to submit nothing.</param>
/// <param name="Parallel">The most tasks at once; null for what the cluster has room for.</param>
/// <param name="Image">For Kubernetes: the container's image.</param>
/// <param name="VolumeClaim">For Kubernetes: the claim of the volume that holds the working folder.</param>
/// <param name="Options">For Slurm: options for <c>sbatch</c>.</param>
sealed record ClusterRequest(string System, bool IsDry, int? Parallel, string? Image, string? VolumeClaim, IReadOnlyList<string> Options);

/// <summary>The options of a command whose work a cluster can do.</summary>
sealed class ClusterOptions
{
    public const string Slurm = "slurm",
        Kubernetes = "kubernetes";

    readonly Option<string?> _on = new("--on")
    {
        Description =
            "Let a cluster do the work. slurm: submit an array of jobs, and return. kubernetes: write a manifest. Options after -- go to "
            + "sbatch, such as: --on slurm -- --partition=gpu --time=4:00:00",
        HelpName = "SYSTEM",
    };
    readonly Option<bool> _dryRun = new("--dry-run") { Description = "With --on: print what would be submitted. Nothing is written." };
    readonly Option<int?> _parallel = new("--parallel")
    {
        Description = "With --on: the most tasks at once. Default: what the cluster has room for.",
        HelpName = "P",
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int?>() < 1)
                    result.AddError("--parallel must be at least 1.");
            },
        },
    };
    readonly Option<string?> _image = new("--container-image")
    {
        Description = "With --on kubernetes: the image of the container, which has noisynn on its path.",
        HelpName = "IMAGE",
    };
    readonly Option<string?> _volumeClaim = new("--volume-claim")
    {
        Description = "With --on kubernetes: the claim of the volume that holds this folder, at the same path.",
        HelpName = "NAME",
    };

    readonly Argument<string[]> _words = new("SBATCH-OPTIONS")
    {
        Description = "With --on slurm: options for sbatch, after two dashes.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    bool _hasArgument;

    public ClusterOptions() => _on.AcceptOnlyFromAmong(Slurm, Kubernetes);

    Option[] All => [_on, _dryRun, _parallel, _image, _volumeClaim];

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    /// <summary>Adds an argument that takes what follows two dashes, to a command whose own arguments do not.</summary>
    public void AddArgumentTo(Command command)
    {
        command.Add(_words);
        _hasArgument = true;
    }

    /// <summary>Where the work is submitted to; null for this machine.</summary>
    /// <exception cref="UsageException">The options do not belong together.</exception>
    public ClusterRequest? Read(ParseResult parsed)
    {
        var request = new ClusterRequest(
            parsed.GetValue(_on) ?? "",
            parsed.GetValue(_dryRun),
            parsed.GetValue(_parallel),
            parsed.GetValue(_image),
            parsed.GetValue(_volumeClaim),
            [.. parsed.Tokens.SkipWhile(word => word.Type != TokenType.DoubleDash).Skip(1).Select(word => word.Value)]
        );
        if (_hasArgument && parsed.GetValue(_words) is { } words && words.Length > request.Options.Count)
            throw new UsageException($"'{words[0]}' is one argument too many. See 'noisynn {parsed.CommandResult.Command.Name} --help'.");
        switch (request)
        {
            case { System: "", Options.Count: > 0 } when _hasArgument:
                throw new UsageException("options after -- go to sbatch; add --on slurm.");
            case { System: "" } when request.IsDry || request.Parallel is not null:
                throw new UsageException("--dry-run and --parallel go with --on.");
            case { System: not Kubernetes } when request.Image is not null || request.VolumeClaim is not null:
                throw new UsageException("--container-image and --volume-claim go with --on kubernetes.");
            case { System: Kubernetes } when request.Image is null || request.VolumeClaim is null:
                throw new UsageException("--on kubernetes needs --container-image IMAGE and --volume-claim NAME.");
            case { System: Kubernetes, Options: [var first, ..] }:
                throw new UsageException($"options after -- go to sbatch; '{first}' means nothing to Kubernetes. Edit the manifest.");
            case { System: Slurm } when request.Options.FirstOrDefault(IsOurs) is { } ours:
                throw new UsageException($"'{ours}' is decided by this program; leave it out. --parallel P limits the tasks at once.");
            default:
                return request.System.Length == 0 ? null : request;
        }
    }

    /// <summary>The words of a command line without the options for a cluster, for the shell.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">Other options to leave out.</param>
    public string Without(ParseResult parsed, params Option[] others)
    {
        List<string> kept = [];
        Option[] left = [.. All, .. others];
        var isLeft = false;
        foreach (var word in parsed.Tokens.TakeWhile(word => word.Type != TokenType.DoubleDash))
        {
            if (word.Type == TokenType.Option)
                isLeft = left.Any(option => option.Name == word.Value);
            if (!isLeft)
                kept.Add(ShellText.Word(word.Value));
            // Each of these options has at most one value.
            else if (word.Type != TokenType.Option || left.First(option => option.Name == word.Value).Arity.MaximumNumberOfValues == 0)
                isLeft = false;
        }
        return string.Join(' ', kept);
    }

    static bool IsOurs(string option) =>
        option is "-a" || option.StartsWith("--array", StringComparison.Ordinal) || option.StartsWith("--wrap", StringComparison.Ordinal);
}
