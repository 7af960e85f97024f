using NoisyNN.Pipelines.Cli;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli;

/// <summary>Runs the command line in this process and keeps what it wrote.</summary>
sealed class TestTerminal
{
    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public int ExitCode { get; private set; }

    /// <summary>The lines on standard error, without progress.</summary>
    public IReadOnlyList<string> ErrorLines =>
        [.. Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("error:", StringComparison.Ordinal))];

    public static TestTerminal Run(params string[] arguments) => Run(arguments, new StringWriter(), CancellationToken.None);

    public static TestTerminal RunCancelled(params string[] arguments) =>
        Run(arguments, new StringWriter(), new CancellationToken(canceled: true));

    /// <summary>Interrupts the command, as Ctrl-C does, as soon as it has said something.</summary>
    public static TestTerminal InterruptAt(string words, params string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        return Run(arguments, new Watch(words, cancellation), cancellation.Token);
    }

    static TestTerminal Run(string[] arguments, StringWriter error, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using (error)
        {
            var exitCode = CommandLine.Run(arguments, new Terminal(output, error, interactive: false, cancellation));
            return new TestTerminal
            {
                ExitCode = exitCode,
                Output = output.ToString(),
                Error = error.ToString(),
            };
        }
    }

    sealed class Watch(string words, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(words, StringComparison.Ordinal) == true)
                cancellation.Cancel();
        }
    }
}
