using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Commands;

// The first signal asks the work to stop and to keep what there is; the second one ends the process as usual.
using var cancellation = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return CommandLine.Run(args, new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected, cancellation.Token));
