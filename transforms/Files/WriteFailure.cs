namespace NoisyNN.Transforms.Files;

/// <summary>Explains why a disk refuses to write. The system's own messages have no remedy and name a temporary file.</summary>
static class WriteFailure
{
    // No room and no room in a quota; read-only; errors of the device: errno of Linux and macOS, and the results of Windows.
    static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];
    static readonly int[] s_readOnly = [30, unchecked((int)0x80070013)];
    static readonly int[] s_broken = [5, unchecked((int)0x8007045D)];

    // The reader of a pipe has gone (EPIPE).
    static readonly int[] s_unread = [DescriptorStream.ReaderHasGone, unchecked((int)0x8007006D)];

    /// <summary>Whether writing failed because of the disk, the folder or its permissions.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <summary>Whether an error number means a failure of the disk.</summary>
    public static bool IsOfDisk(int error) => s_full.Contains(error) || s_readOnly.Contains(error) || s_broken.Contains(error);

    /// <summary>
    /// The cause and the remedy as two sentences, of which the first begins in lower case. Null if neither the exception nor an inner one
    /// is a failure of the disk.
    /// </summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="exception">The exception of .NET.</param>
    public static string? Explain(string folder, Exception exception) =>
        exception is IOException && s_full.Contains(exception.HResult)
            ? $"there is no room left on the disk of '{folder}'. Make room there."
        : exception is IOException && s_readOnly.Contains(exception.HResult)
            ? $"the disk of '{folder}' is mounted read-only. Mount it for writing."
        : exception is IOException && s_broken.Contains(exception.HResult)
            ? $"the disk of '{folder}' reports an error. Read the system's log (dmesg)."
        : exception is IOException && s_unread.Contains(exception.HResult) ? "its reader has gone. Start the reader again."
        : exception is OutputRefusedException refused ? refused.Reason
        : IsTooLarge(exception) ? $"it is larger than the file system of '{folder}' or a limit (ulimit -f) allows. Raise the limit."
        : exception.InnerException is { } inner ? Explain(folder, inner)
        : null;

    // .NET reports a file that is too large for the system as an argument out of range.
    static bool IsTooLarge(Exception exception) =>
        exception
            is ArgumentOutOfRangeException { ParamName: "value", Source: "System.Private.CoreLib" }
                or IOException { HResult: TooLarge };

    const int TooLarge = 27;
}
