using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// Opens files that have an end. The reader of a pipe waits until somebody writes, and a device may never end, so neither is opened.
/// </summary>
static class RegularFile
{
    /// <summary>Opens a regular file, or a link to one, for reading.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or it is a folder, a pipe, a socket or a device.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Checks the kind of a file without opening it.</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path} is a folder. Name a file.");
        if (!File.Exists(path))
            throw new InvalidDataException($"there is no file {path}.");
        if (OperatingSystem.IsLinux() && KindOf(path) is { } kind)
            throw new InvalidDataException($"{path} is {kind}, not a regular file. Write its content to a file and name that.");
    }

    /// <summary>
    /// The kind that the system reports, behind links; null for a regular file and for anything that cannot be inspected.
    /// </summary>
    static string? KindOf(string path)
    {
        const int currentDirectory = -100,
            followLinks = 0;
        const uint type = 0x1;
        const int typeMask = 0xF000;

        // struct statx has one layout on every architecture: the mode is at byte 28.
        var status = new byte[256];
        if (statx(currentDirectory, Encoding.UTF8.GetBytes(path + '\0'), followLinks, type, status) != 0)
            return null;
        return (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(28)) & typeMask) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] status);
}
