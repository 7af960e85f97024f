using NoisyNN.Pipelines.Commands;

namespace NoisyNN.Tests.Commands;

/// <summary>Runs the command line in this process and keeps what it wrote.</summary>
sealed class TestTerminal
{
    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public int ExitCode { get; private set; }

    /// <summary>The lines on standard error, without progress.</summary>
    public IReadOnlyList<string> ErrorLines => [.. Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("error:", StringComparison.Ordinal))];

    public static TestTerminal Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public static TestTerminal Run(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = CommandLine.Run(arguments, new Terminal(output, error, interactive: false, cancellation));
        return new TestTerminal { ExitCode = exitCode, Output = output.ToString(), Error = error.ToString() };
    }
}
