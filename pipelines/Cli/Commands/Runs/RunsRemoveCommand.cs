using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Listing;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>runs remove</c>: removes the folder of a run.</summary>
sealed class RunsRemoveCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _name = new("NAME") { Description = "The name of the run, as 'noisynn runs' lists it." };
    readonly Option<string> _root = RunsCommand.Root();
    readonly Option<bool> _yes = new("--yes") { Description = "Remove the run without a question." };

    public RunsRemoveCommand(Terminal terminal)
        : base(
            "remove",
            """
            Removes the folder of a run with its models, checkpoints and report. It asks first, unless --yes is given. It refuses a run in
            progress and every folder that is not a run.

            Example:  noisynn runs remove demo-2
            """
        )
    {
        _terminal = terminal;
        Add(_name);
        Add(_root);
        Add(_yes);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var root = Path.GetFullPath(RunsCommand.Require(parsed.GetValue(_root)!));
        var folder = RunRemoval.Find(root, parsed.GetValue(_name)!);
        if (!parsed.GetValue(_yes))
        {
            var megabytes = RunRemoval.SizeOf(folder) / 1e6;
            var answer =
                _terminal.Ask(FormattableString.Invariant($"remove {folder} ({megabytes:0.0} MB)?"))
                ?? throw new UsageException($"nobody is there to confirm that {folder} goes; add --yes.");
            if (!answer)
            {
                _terminal.Note("nothing was removed");
                return 0;
            }
        }
        RunRemoval.Remove(folder);
        if (File.Exists(Path.Combine(root, RunsIndex.FileName)))
            RunsIndex.Write(root);
        _terminal.Output.WriteLine($"removed {folder}");
        return 0;
    }
}
