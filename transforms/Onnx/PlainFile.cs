using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Distinguishes a plain file with one name from devices, pipes and files with a second hard link. .NET itself does not show link counts.
/// </summary>
static class PlainFile
{
    /// <summary>Why the file is not plain, as the end of a sentence; null if it is.</summary>
    public static string? Refusal(string path)
    {
        if (OperatingSystem.IsLinux())
            return LinuxRefusal(path);
        if (OperatingSystem.IsWindows())
            return WindowsRefusal(path);
        return "which cannot be checked for hard links on this system";
    }

    static string? LinuxRefusal(string path)
    {
        const int currentDirectory = -100,
            doNotFollowLinks = 0x100;
        const uint typeAndLinkCount = 0x1 | 0x4;
        const int fileTypeMask = 0xF000,
            regularFile = 0x8000;

        // struct statx has one layout on every architecture: the link count at byte 16, the mode at byte 28.
        var status = new byte[256];
        if (statx(currentDirectory, Encoding.UTF8.GetBytes(path + '\0'), doNotFollowLinks, typeAndLinkCount, status) != 0)
            return "which cannot be inspected";
        if ((BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(28)) & fileTypeMask) != regularFile)
            return "which is not a regular file";
        return BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(16)) == 1 ? null : "which has a second name (a hard link)";
    }

    static string? WindowsRefusal(string path)
    {
        using var handle = File.OpenHandle(path);
        // BY_HANDLE_FILE_INFORMATION: the number of links is the eleventh of its thirteen 32-bit fields.
        var information = new uint[13];
        if (!GetFileInformationByHandle(handle, information))
            return "which cannot be inspected";
        return information[10] == 1 ? null : "which has a second name (a hard link)";
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("kernel32"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    static extern bool GetFileInformationByHandle(SafeFileHandle file, uint[] information);
}
