namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>Standard input as a sign of life: it ends when the process at its other end closes it or dies.</summary>
static class StandardInput
{
    /// <summary>Cancels when standard input ends. A background thread reads it and does not keep the process alive.</summary>
    public static void CancelAtEnd(CancellationTokenSource stop) =>
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null) { }
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
