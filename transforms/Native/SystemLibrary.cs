using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Native;

/// <summary>Functions of the system's C library on Linux.</summary>
static partial class SystemLibrary
{
    /// <summary>Sets a variable where native libraries read it, unless the user has set it. .NET's own call does not reach them.</summary>
    public static void SetDefault(string variable, string value)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            setenv(variable, value, overwrite: 0);
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
            Environment.SetEnvironmentVariable(variable, value);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
