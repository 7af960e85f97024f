using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Commands;

// The first signal asks the work to stop and to keep what there is; the second one ends the process as usual.
using var cancellation = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

// A file that outgrows 'ulimit -f' ends the process without a word, unless the signal (SIGXFSZ) is handled: then the write fails.
const PosixSignal FileSizeExceeded = (PosixSignal)25;
using var fileSize = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return CommandLine.Run(args, new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected, cancellation.Token));
