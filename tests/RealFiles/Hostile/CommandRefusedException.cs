using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>A command that refused its input, with its one line.</summary>
sealed class CommandRefusedException(string message) : Exception(message)
{
    /// <summary>What a command writes to standard output.</summary>
    /// <exception cref="CommandRefusedException">It refused its input.</exception>
    public static string Run(params string[] arguments)
    {
        var run = TestTerminal.Run(arguments);
        if (run.ExitCode == 0)
            return run.Output;
        Assert.IsTrue(run.ExitCode is ExitCode.Failed or ExitCode.Misused, run.Error);
        var line = Assert.ContainsSingle(run.ErrorLines, run.Error);
        Assert.DoesNotContain("internal error", line);
        throw new CommandRefusedException(line);
    }
}
