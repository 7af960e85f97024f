namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>Standard input as a sign of life: it ends when the process at its other end closes it or dies.</summary>
static class StandardInput
{
    /// <summary>Cancels when standard input ends. A background thread reads it and does not keep the process alive.</summary>
    public static void CancelAtEnd(CancellationTokenSource stop) =>
        new Thread(() =>
        {
            // Not Console.In, which writes codes for the keyboard to standard output where that looks like a terminal.
            using var input = Console.OpenStandardInput();
            var ignored = new byte[64];
            while (input.Read(ignored) > 0) { }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The work has ended by itself.
            }
        })
        {
            IsBackground = true,
        }.Start();
}
