using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>Opens a named pipe (FIFO) for writing. The ordinary way of opening one waits forever for a reader.</summary>
static class NamedPipe
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="IOException">No reader appeared within five seconds, or the pipe cannot be opened.</exception>
    public static Stream Open(string path)
    {
        // Opening without waiting shows whether there is a reader. The descriptor stays open until the stream is open, so that the reader
        // sees no end in between.
        using var probe = OperatingSystem.IsLinux() ? Probe(path) : null;
        return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    static Microsoft.Win32.SafeHandles.SafeFileHandle Probe(string path)
    {
        const int writeOnly = 1,
            withoutWaiting = 0x800,
            closeOnExec = 0x80000,
            noReader = 6;
        for (var waited = TimeSpan.Zero; ; waited += s_interval)
        {
            var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(
                open(path, writeOnly | withoutWaiting | closeOnExec),
                ownsHandle: true
            );
            if (!handle.IsInvalid)
                return handle;
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            if (error != noReader)
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}. Allow writing it.", error);
            if (waited >= s_patience)
                throw new IOException(
                    $"it is a pipe, and no reader has opened it within {s_patience.TotalSeconds:0} seconds. Start its reader first.",
                    error
                );
            Thread.Sleep(s_interval);
        }
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
