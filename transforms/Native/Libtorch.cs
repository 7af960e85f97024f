using System.Reflection;
using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Native;

/// <summary>libtorch and TorchSharp's native library above it.</summary>
static class Libtorch
{
    static bool s_loaded;

    /// <summary>
    /// Loads libtorch before TorchSharp is used. If loading fails, TorchSharp itself would copy 400 MB of libraries from the package folder
    /// into the program's folder. It would then print a page to standard output and blame a missing package.
    /// </summary>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded; the message has the cause and the remedy.</exception>
    public static void Require()
    {
        if (s_loaded)
            return;
        try
        {
            // By name, because this assembly does not reference TorchSharp. A caller has it.
            var assembly = Assembly.Load("TorchSharp");
            // In TorchSharp's order: the first library loads the dependencies of the second.
            NativeLibrary.TryLoad("torch_cpu", assembly, null, out _);
            NativeLibrary.Load(OlderLinux.Library, assembly, null);
            s_loaded = true;
        }
        catch (LibtorchUnavailableException)
        {
            throw;
        }
        catch (FileNotFoundException failure)
        {
            throw new LibtorchUnavailableException(
                "The file of TorchSharp is not beside the program.",
                "Reference the package TorchSharp.",
                failure
            );
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            throw Explain(failure);
        }
    }

    static LibtorchUnavailableException Explain(Exception failure)
    {
        var package = $"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}";
        if (!OperatingSystem.IsLinux())
            return new($"libtorch cannot be loaded: {FirstLine(failure)}", $"Reference the package {package}, or one with CUDA.", failure);
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", $"lib{OlderLinux.Library}.so"])
        {
            if (NativeFolders.Find(name) is not { } file)
                return new(
                    $"'{name}' is not beside the program.",
                    $"Reference the packages TorchSharp and {package}, or one with CUDA, and build again.",
                    failure
                );
            using var image = new MappedFile(file);
            if (SystemVersions.Missing(image.Content, SystemVersions.Defined) is { Count: > 0 } missing)
                return LibtorchUnavailableException.ForSystem(file, missing, SystemVersions.Defined);
        }
        return new($"libtorch cannot be loaded: {FirstLine(failure)}", "Restore the packages and build again.", failure);
    }

    static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].Trim().TrimEnd('.', ':') + ".";
}
