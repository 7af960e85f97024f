namespace NoisyNN.Transforms.Files;

/// <summary>What a disk refuses, in words for people: the system's own have no remedy, and name a temporary file.</summary>
static class WriteFailure
{
    // No room and no room in a quota; read-only; errors of the device: errno of Linux and macOS, and the results of Windows.
    static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];
    static readonly int[] s_readOnly = [30, unchecked((int)0x80070013)];
    static readonly int[] s_broken = [5, unchecked((int)0x8007045D)];

    // The reader of a pipe has gone (EPIPE).
    static readonly int[] s_unread = [DescriptorStream.ReaderHasGone, unchecked((int)0x8007006D)];

    /// <summary>Whether writing failed for a reason that lies in the disk, the folder or its rights.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <summary>Whether an error number of the system is the disk's.</summary>
    public static bool IsOfDisk(int error) => s_full.Contains(error) || s_readOnly.Contains(error) || s_broken.Contains(error);

    /// <summary>
    /// Cause and remedy, as two sentences of which the first begins in lower case, where the disk itself refuses, here or in what the
    /// exception wraps; null for any other failure.
    /// </summary>
    /// <param name="folder">Where it was to be written.</param>
    /// <param name="exception">What .NET threw.</param>
    public static string? Explain(string folder, Exception exception) =>
        exception is IOException && s_full.Contains(exception.HResult)
            ? $"there is no room left on the disk of '{folder}'. Make room there."
        : exception is IOException && s_readOnly.Contains(exception.HResult)
            ? $"the disk of '{folder}' is mounted read-only. Mount it for writing."
        : exception is IOException && s_broken.Contains(exception.HResult)
            ? $"the disk of '{folder}' reports an error. Look into the system's log (dmesg)."
        : exception is IOException && s_unread.Contains(exception.HResult) ? "nobody reads it any more. Start its reader again."
        : exception is OutputRefusedException refused ? refused.Reason
        : IsTooLarge(exception) ? $"it is larger than the file system of '{folder}' or a limit (ulimit -f) allows. Raise the limit."
        : exception.InnerException is { } inner ? Explain(folder, inner)
        : null;

    // What the system says of a file that is too large is an argument out of range to .NET.
    static bool IsTooLarge(Exception exception) =>
        exception
            is ArgumentOutOfRangeException { ParamName: "value", Source: "System.Private.CoreLib" }
                or IOException { HResult: TooLarge };

    const int TooLarge = 27;
}
