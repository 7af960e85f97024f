using System.CommandLine;
using NoisyNN.Pipelines.Experiments.Claims;

namespace NoisyNN.Pipelines.Cli.Commands.Claims;

/// <summary>Where the files of claims are, and where their runs are.</summary>
sealed class ClaimsOptions
{
    readonly Option<string> _from = new("--from")
    {
        Description = "The folder of claim files, with a folder for each paper. Default: those that come with the program.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "configs", "claims"),
    };
    readonly Option<string> _output = new("--output")
    {
        Description = "The folder of the runs of claims.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("runs", "claims"),
    };

    public void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_output);
    }

    public IReadOnlyList<ClaimFile> Claims(ParseResult parsed) => ClaimFile.LoadAll(parsed.GetValue(_from)!);

    public string Root(ParseResult parsed) => parsed.GetValue(_output)!;
}
