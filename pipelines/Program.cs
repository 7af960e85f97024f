using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Commands;

// The first signal asks the work to stop and to keep what there is; the second one ends the process as usual.
using var cancellation = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

// A file that outgrows a limit ends the process without a word, unless the signal is handled: then the write fails, and the error names the file.
const PosixSignal FileSizeExceeded = (PosixSignal)25;
using var fileSize = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true) : null;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return CommandLine.Run(args, new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected, cancellation.Token));
