using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Writes to a descriptor that this process was given, such as standard output. It writes at the descriptor's position, as other programs
/// do. <see cref="FileStream"/> keeps a position of its own, and <see cref="Console"/> does not report that the reader of a pipe has gone.
/// </summary>
/// <param name="descriptor">Its number. It stays open.</param>
/// <param name="isLossy">Whether text that cannot be written is dropped, so that a message never ends the work it is about.</param>
sealed class DescriptorStream(int descriptor, bool isLossy = false) : Stream
{
    const int Interrupted = 4,
        WouldBlock = 11,
        WouldBlockOnMacOS = 35;

    /// <summary>The reader of a pipe has gone (EPIPE).</summary>
    public const int ReaderHasGone = 32;

    /// <summary>
    /// Whether a descriptor came with the process. Descriptors that the process itself has opened close when it starts another program.
    /// </summary>
    public static bool IsInherited(int descriptor)
    {
        const string Flags = "flags:";
        const long closeOnExec = 0x80000;
        var entry = FormattableString.Invariant($"/proc/self/fdinfo/{descriptor}");
        if (!OperatingSystem.IsLinux())
            return descriptor <= 2;
        return File.Exists(entry)
            && File.ReadLines(entry).FirstOrDefault(line => line.StartsWith(Flags, StringComparison.Ordinal)) is { } line
            && (Convert.ToInt64(line[Flags.Length..].Trim(), fromBase: 8) & closeOnExec) == 0;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ReaderGoneException">The descriptor is a pipe without a reader.</exception>
    /// <exception cref="IOException">The system refused to write.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = write(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error is WouldBlock or WouldBlockOnMacOS)
                Thread.Sleep(5); // Another program shares the descriptor and has made it non-blocking.
            else if (error != Interrupted && isLossy)
                return;
            else if (error != Interrupted)
                throw error == ReaderHasGone
                    ? new ReaderGoneException($"{Name} cannot be written: its reader has gone.")
                    : new IOException($"{Name} cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    string Name =>
        descriptor switch
        {
            1 => "standard output",
            2 => "standard error",
            _ => $"descriptor {descriptor}",
        };

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint write(int descriptor, ref byte buffer, nint count);
}
