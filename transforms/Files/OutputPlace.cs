using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Decides how to write an output, so that whatever is at its path keeps its kind. A regular file is replaced as a whole. A symbolic link
/// stays, and its target is replaced in the target's folder. A pipe, a character device or an open descriptor (<c>/dev/stdout</c>) is
/// written to. Everything else is refused.
/// </summary>
sealed partial class OutputPlace
{
    const int MostLinks = 40;

    OutputPlace(string given, string path, FileKind kind, int? descriptor = null) =>
        (Given, Path, Kind, Descriptor) = (given, path, kind, descriptor);

    /// <summary>The path as given.</summary>
    public string Given { get; }

    /// <summary>The file to replace or to write to: the given path with all links resolved.</summary>
    public string Path { get; }

    /// <summary>Whether the output is written as a stream and nothing is replaced.</summary>
    public bool IsStream => Kind is FileKind.Pipe or FileKind.CharacterDevice || Descriptor is not null;

    /// <summary>Whether something is there already.</summary>
    public bool Exists => Kind != FileKind.Missing;

    /// <summary>Whether the given path is a symbolic link.</summary>
    public bool IsLinked { get; private init; }

    /// <summary>Whether it is the standard output of this process.</summary>
    public bool IsStandardOutput => Descriptor == 1;

    FileKind Kind { get; }

    int? Descriptor { get; }

    /// <exception cref="OutputRefusedException">The place can be neither replaced nor written to; the message says what it is and has the
    /// remedy.</exception>
    public static OutputPlace Of(string path)
    {
        if (path.Length == 0)
            throw Refusal(path, "its name is empty. Name a file.");
        var current = System.IO.Path.GetFullPath(path);
        if (System.IO.Path.EndsInDirectorySeparator(current))
            throw Refusal(path, "it is a folder. Give a file.");

        for (var links = 0; links < MostLinks; links++)
        {
            var name = System.IO.Path.GetFileName(current);
            var folder = RealPath(System.IO.Path.GetDirectoryName(current)!);
            if (folder is null)
                return links == 0
                    ? new(path, current, FileKind.Missing)
                    : throw Refusal(
                        path,
                        $"it is a link to '{current}', whose folder does not exist. Create the folder, or give another file."
                    );
            if (DescriptorIn(folder, name, path) is { } descriptor)
                return DescriptorStream.IsInherited(descriptor)
                    ? new(path, current, FileKind.Unknown, descriptor)
                    : throw Refusal(path, $"no file had the descriptor {descriptor} when this program began. Give a file.");

            var file = System.IO.Path.Combine(folder, name);
            if (FileStatus.Of(file, followsLink: false).Kind == FileKind.Link && new FileInfo(file).LinkTarget is { } target)
                // The path is not normalised: only the system knows what '..' means behind another link.
                current = System.IO.Path.Combine(folder, target);
            else
                return At(path, links == 0 ? current : file, isLinked: links > 0);
        }
        throw Refusal(path, "its symbolic links form a circle. Remove one, or give another file.");
    }

    /// <summary>The path of a file that must be read again later, and so must be a regular file or a link to one.</summary>
    /// <exception cref="OutputRefusedException">It is something else; the message says what.</exception>
    public static string RequireFile(string path)
    {
        var place = Of(path);
        return !place.IsStream
            ? place.Path
            : throw Refusal(path, $"it is {FileStatus.Of(place.Path, followsLink: true).Words}, and a regular file is needed. Remove it.");
    }

    /// <summary>Whether this is a given file, under any name.</summary>
    public bool Is(string file) =>
        Exists
        && !IsStream
        && (
            FileStatus.Of(Path, followsLink: true).IsSameFile(FileStatus.Of(file, followsLink: true))
            || System.IO.Path.GetFullPath(Path) == System.IO.Path.GetFullPath(file)
        );

    /// <summary>Opens a stream; a pipe needs a reader.</summary>
    /// <exception cref="IOException">It cannot be opened, or the pipe has no reader; the message has the remedy.</exception>
    public Stream Open()
    {
        if (Descriptor is { } descriptor)
            return new DescriptorStream(descriptor);
        try
        {
            return Kind == FileKind.Pipe
                ? NamedPipe.Open(Path)
                : new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{Given}' cannot be written: {exception.Message}", exception);
        }
    }

    static OutputPlace At(string given, string path, bool isLinked)
    {
        var status = FileStatus.Of(path, followsLink: true);
        return status.Kind switch
        {
            FileKind.Folder => throw Refusal(given, "it is a folder. Give a file."),
            FileKind.BlockDevice or FileKind.Socket => throw Refusal(given, $"it is {status.Words}. Give a file."),
            FileKind.Regular when IsProtected(path) => throw Refusal(
                given,
                "it is write-protected. Allow writing it (chmod u+w), or give another file."
            ),
            _ => new(given, path, status.Kind) { IsLinked = isLinked },
        };
    }

    // Replacing a file needs no right on the file itself, so without this check a file that its owner has protected would be lost.
    static bool IsProtected(string path) =>
        OperatingSystem.IsWindows()
            ? (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0
            : (File.GetUnixFileMode(path) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;

    /// <summary>
    /// The number of an open descriptor that a path names. Behind it may be a regular file that another program has opened and still writes
    /// to. Such a file is neither replaced nor opened again.
    /// </summary>
    static int? DescriptorIn(string folder, string name, string given)
    {
        if (OperatingSystem.IsWindows() || !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
            return null;
        if (folder == "/dev/fd")
            return descriptor;
        if (ProcessFolder().Match(folder) is not { Success: true } match)
            return null;
        return match.Groups["process"].Value == FormattableString.Invariant($"{Environment.ProcessId}")
            ? descriptor
            : throw Refusal(given, "it is an open file of another process. Give a file.");
    }

    static OutputRefusedException Refusal(string path, string reason) => new(path, reason);

    /// <summary>The path without links; null if its folder does not exist.</summary>
    static string? RealPath(string folder)
    {
        if (OperatingSystem.IsWindows())
            return Directory.Exists(folder) ? folder : null;
        var real = realpath(folder, 0);
        if (real == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(real);
        }
        finally
        {
            free(real);
        }
    }

    [GeneratedRegex(@"^/proc/(?<process>\d+)(/task/\d+)?/fd$")]
    private static partial Regex ProcessFolder();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint resolved);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern void free(nint memory);
}
