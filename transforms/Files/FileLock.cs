namespace NoisyNN.Transforms.Files;

/// <summary>The locks that .NET takes on files for <see cref="FileShare"/>.</summary>
static class FileLock
{
    // EWOULDBLOCK of the two systems, and ERROR_SHARING_VIOLATION.
    const int OnLinux = 11,
        OnMacOS = 35,
        OnWindows = unchecked((int)0x80070020);

    /// <summary>Whether a file could not be opened because another process has locked it.</summary>
    public static bool IsHeld(IOException exception) => exception.HResult is OnLinux or OnMacOS or OnWindows;
}
