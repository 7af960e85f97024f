using NoisyNN.Pipelines.Cli;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;

// Before anything else, as little of this program can be loaded where the limits are too small.
if (ProcessLimits.Refusal(args) is { } refusal)
    return ProcessLimits.Refuse(refusal);

using var signals = new ProcessSignals();
return CommandLine.Run(
    args,
    new Terminal(
        StandardStreams.Output,
        StandardStreams.Error,
        !Console.IsErrorRedirected,
        signals.Cancellation,
        Console.IsInputRedirected ? null : Console.In
    )
);
