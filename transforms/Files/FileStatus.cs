using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NoisyNN.Transforms.Files;

/// <summary>The kinds of files.</summary>
enum FileKind
{
    Missing,
    Regular,
    Folder,
    Link,
    Pipe,
    CharacterDevice,
    BlockDevice,
    Socket,
    Unknown,
}

/// <summary>The kind of a file and its identity, independent of its name. .NET itself reports neither.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Device">The file system that holds it; 0 if the system does not report it.</param>
/// <param name="Number">Its number there (inode); 0 if the system does not report it.</param>
readonly record struct FileStatus(FileKind Kind, ulong Device, ulong Number)
{
    /// <param name="path">The file.</param>
    /// <param name="followsLink">Whether to examine the target of a symbolic link in place of the link.</param>
    public static FileStatus Of(string path, bool followsLink) =>
        OperatingSystem.IsLinux() ? OfLinux(path, followsLink) : new(Elsewhere(path, followsLink), 0, 0);

    /// <summary>Whether both are the same file; false if the system does not report it.</summary>
    public bool IsSameFile(FileStatus other) => Number != 0 && this == other;

    /// <summary>The kind, for a message.</summary>
    public string Words =>
        Kind switch
        {
            FileKind.Regular => "a regular file",
            FileKind.Folder => "a folder",
            FileKind.Link => "a symbolic link",
            FileKind.Pipe => "a pipe",
            FileKind.CharacterDevice => "a device",
            FileKind.BlockDevice => "a disk (block device)",
            FileKind.Socket => "a socket",
            _ => "not a regular file",
        };

    static FileStatus OfLinux(string path, bool followsLink)
    {
        const int currentDirectory = -100,
            doNotFollowLinks = 0x100,
            notFound = 2,
            notADirectory = 20;
        const uint typeAndNumber = 0x1 | 0x100;

        // struct statx has one layout on every architecture: mode at byte 28, inode at 32, the device's two numbers at 136.
        var status = new byte[256];
        if (statx(currentDirectory, Encoding.UTF8.GetBytes(path + '\0'), followsLink ? 0 : doNotFollowLinks, typeAndNumber, status) != 0)
            return new(Marshal.GetLastPInvokeError() is notFound or notADirectory ? FileKind.Missing : FileKind.Unknown, 0, 0);
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(28)) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            0x1000 => FileKind.Pipe,
            0x2000 => FileKind.CharacterDevice,
            0x6000 => FileKind.BlockDevice,
            0xC000 => FileKind.Socket,
            _ => FileKind.Unknown,
        };
        return new(
            kind,
            BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(136)),
            BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(32))
        );
    }

    static FileKind Elsewhere(string path, bool followsLink)
    {
        if (!followsLink && new FileInfo(path).LinkTarget is not null)
            return FileKind.Link;
        return Directory.Exists(path) ? FileKind.Folder
            : File.Exists(path) ? FileKind.Regular
            : FileKind.Missing;
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] status);
}
