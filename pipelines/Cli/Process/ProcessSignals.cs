using System.Globalization;
using System.Runtime.InteropServices;

namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>
/// The effect of signals on a command. SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal was closed) ask it to save its state and stop.
/// A second SIGINT or SIGTERM ends it at once. SIGXFSZ is ignored, so that a file beyond <c>ulimit -f</c> is an error with a message.
/// The runtime itself ignores SIGPIPE.
/// </summary>
sealed class ProcessSignals : IDisposable
{
    const int HangUp = 1,
        FileSize = 25;

    readonly CancellationTokenSource _cancellation = new();
    readonly List<PosixSignalRegistration> _registrations = [];

    public ProcessSignals()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        // A command under nohup must outlive its terminal.
        if (!IsIgnored(HangUp))
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop));
        if (!OperatingSystem.IsWindows())
            _ = signal(FileSize, Ignore);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _cancellation.Dispose();
    }

    void Stop(PosixSignalContext signal)
    {
        // A closed terminal sends SIGHUP twice: from the shell and from the system.
        signal.Cancel = signal.Signal == PosixSignal.SIGHUP || !_cancellation.IsCancellationRequested;
        _cancellation.Cancel();
    }

    static bool IsIgnored(int signal)
    {
        const string Ignored = "SigIgn:";
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
            && (mask >> (signal - 1) & 1) != 0;
    }

    const nint Ignore = 1;

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint signal(int number, nint handler);
}
