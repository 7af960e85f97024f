using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Makes a folder that nobody else has made. <see cref="Directory.CreateDirectory(string)"/> is content with one that another process has
/// just made.
/// </summary>
static class NewFolder
{
    /// <param name="path">The folder; the one around it exists.</param>
    /// <returns>Whether it was made here; false if there is something of that name.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
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
            : throw new IOException($"The folder '{path}' cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.", error);
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
