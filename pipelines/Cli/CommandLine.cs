using System.CommandLine;
using System.CommandLine.Help;
using NoisyNN.Pipelines.Cli.Commands;
using NoisyNN.Pipelines.Cli.Commands.Advice;
using NoisyNN.Pipelines.Cli.Commands.Claims;
using NoisyNN.Pipelines.Cli.Commands.DataSets;
using NoisyNN.Pipelines.Cli.Commands.Entropy;
using NoisyNN.Pipelines.Cli.Commands.Runs;
using NoisyNN.Pipelines.Cli.Commands.Scores;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli;

/// <summary>Parses and runs a command line. Every failure becomes one line on standard error and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Reads an argument that begins with @ as a plain argument, not as a file of further arguments.</summary>
    static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command and returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = Root(terminal);
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, s_parsing);
        if (parsed.Action is not (Help or ShowVersion) && parsed.Errors is [var mistake, ..])
            return Fail(
                terminal,
                ExitCode.Misused,
                $"{CommandLineMistake.Describe(mistake, parsed)} See '{NameOf(parsed.CommandResult.Command)} --help'."
            );

        try
        {
            return parsed.Invoke(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                }
            );
        }
        catch (ReaderGoneException)
        {
            // A reader such as 'head' has read what it wanted. Other programs die of SIGPIPE here, without a message.
            return ExitCode.ReaderGone;
        }
        catch (Exception failure)
        {
            var (code, line) = Failure.Explain(failure);
            if (Environment.GetEnvironmentVariable("NOISYNN_TRACE") == "1")
                terminal.Error.WriteLine(failure);
            return Fail(terminal, code, line + ProcessLimits.Remark(failure));
        }
    }

    static Command Root(Terminal terminal)
    {
        CommandGroup[] groups =
        [
            new("Train and judge", [new DemoCommand(terminal), new TrainCommand(terminal), new ClaimsCommand(terminal, Run)]),
            new(
                "Runs and sweeps",
                [
                    new RunsCommand(terminal),
                    new CompareCommand(terminal),
                    new StatusCommand(terminal),
                    new BestCommand(terminal),
                    new TrialCommand(terminal),
                    new SummarizeCommand(terminal),
                ]
            ),
            new(
                "Use a trained network",
                [
                    new EvaluateCommand(terminal),
                    new AuditCommand(terminal),
                    new ScoreCommand(terminal),
                    new ExportCommand(terminal),
                    new QuantizeCommand(terminal),
                ]
            ),
            new(
                "Noise and information",
                [
                    new AdviseCommand(terminal),
                    new ScreenCommand(terminal),
                    new EntropyChangeCommand(terminal),
                    new MeasureCommand(terminal),
                    new EstimatorsCommand(terminal),
                ]
            ),
            new(
                "Look things up",
                [
                    NetworksCommand.Create(terminal),
                    new DataCommand(terminal),
                    new SchemaCommand(terminal),
                    new CompletionCommand(terminal),
                    new DoctorCommand(terminal),
                ]
            ),
        ];
        var root = new Command("noisynn", "Trains image classifiers with noise, tests whether the noise helped, and exports them as ONNX.");
        foreach (var command in groups.SelectMany(group => group.Commands))
            root.Add(command);
        root.Add(new CompleteCommand(terminal, root));
        root.Add(new HelpOption { Action = new Help(groups) });
        root.Add(new Option<bool>("--version") { Description = "Print the version.", Action = new ShowVersion() });
        root.Validators.Add(result =>
        {
            if (!result.Children.Any())
                result.AddError("no command given.");
        });
        return root;
    }

    static int Fail(Terminal terminal, int code, string line)
    {
        terminal.Fail(line);
        return code;
    }

    /// <summary>The full name of a command, as a user types it.</summary>
    internal static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : command.Name;
}
