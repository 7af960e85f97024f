using System.Runtime.InteropServices;

namespace NoisyNN.Models.Distributed;

/// <summary>Loads a library so that libraries which are loaded later find its symbols. .NET's own loader hides them.</summary>
static unsafe class GlobalLibrary
{
    // dlfcn.h on Linux.
    const int Now = 2,
        Global = 0x100;

    /// <summary>The handle of a library; 0 if the system does not find it or cannot load it. Linux only.</summary>
    public static nint TryLoad(string name)
    {
        var open = (delegate* unmanaged[Cdecl]<byte*, int, void*>)Find("dlopen");
        var text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            return open is null ? 0 : (nint)open((byte*)text, Now | Global);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>A function of the loader, which is a library of its own before glibc 2.34.</summary>
    static nint Find(string function)
    {
        foreach (var library in (string[])["libc.so.6", "libdl.so.2", "libc"])
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, function, out var address))
                return address;
        return 0;
    }
}
