using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Puts a folder's entries on the disk. A new name is only in memory until then: after a power cut a renamed file may have its old name
/// again, however well its content was flushed.
/// </summary>
static class FolderEntries
{
    /// <exception cref="IOException">The disk did not take them.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS keeps a journal of names, and has no such call.

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
            return; // Written to but not read: the system will flush it in its own time.
        try
        {
            // Some network file systems do not know the call for folders; they have their own ways.
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error && WriteFailure.IsOfDisk(error))
                throw new IOException(
                    $"The entries of '{folder}' could not be put on the disk: {Marshal.GetPInvokeErrorMessage(error)}.",
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
