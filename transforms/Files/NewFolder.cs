using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Creates a folder and reports whether it is new. <see cref="Directory.CreateDirectory(string)"/> also accepts a folder that another
/// process has just created.
/// </summary>
static class NewFolder
{
    /// <param name="path">The folder; its parent exists.</param>
    /// <returns>Whether this call created it; false if there is something of that name.</returns>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static bool TryCreate(string path)
    {
        if (
            OperatingSystem.IsWindows()
                ? CreateDirectory(path, 0)
                : mkdir(
                    path,
                    0x1FF /* less the umask */
                ) == 0
        )
            return true;
        var error = Marshal.GetLastPInvokeError();
        const int exists = 17,
            existsOnWindows = 183;
        return error == (OperatingSystem.IsWindows() ? existsOnWindows : exists)
            ? false
            : throw new IOException($"The folder '{path}' cannot be created: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int mkdir([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [
        DllImport("kernel32", EntryPoint = "CreateDirectoryW", CharSet = CharSet.Unicode, SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    [return: MarshalAs(UnmanagedType.Bool)]
    static extern bool CreateDirectory(string path, nint security);
}
