using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Flushes a folder's entries to the disk. Until then a new name is only in memory. After a power failure, a renamed file may have its old
/// name again, even if its content was flushed.
/// </summary>
static class FolderEntries
{
    /// <exception cref="IOException">The disk refused the entries.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS keeps a journal of names and has no such call.

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
            return; // The folder can be written but not read. The system flushes it later.
        try
        {
            // Some network file systems do not support the call for folders and have their own ways.
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error && WriteFailure.IsOfDisk(error))
                throw new IOException(
                    $"The entries of '{folder}' could not be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}.",
                    error
                );
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int descriptor);
}
