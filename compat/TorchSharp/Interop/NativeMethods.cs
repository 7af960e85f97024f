using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The flat C interface of libNoisyTorch (native/shim.cpp).</summary>
/// <remarks>
/// Getters that only read a field skip the garbage collector's transition; everything that may allocate, wait or call back does not.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    private const string Library = "NoisyTorch";
    private const string FileName = "libNoisyTorch.so";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library) return 0;
        string[] candidates =
        [
            Path.Combine(AppContext.BaseDirectory, FileName),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", FileName),
            Path.Combine(Path.GetDirectoryName(assembly.Location) ?? AppContext.BaseDirectory, FileName),
        ];
        var found = candidates.Where(File.Exists).Distinct().ToArray();
        var reason = $"it is not in {AppContext.BaseDirectory}";
        foreach (var path in found)
        {
            try { return NativeLibrary.Load(path); }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException) { reason = e.Message; }
        }
        throw new DllNotFoundException(
            $"{FileName}, the bridge to libtorch, could not be loaded: {reason}. Run ./noisynn once: it installs libtorch and builds the bridge.");
    }

    // ---- operators

    [LibraryImport(Library)] internal static partial byte* nt_error();
    [LibraryImport(Library)] internal static partial void nt_free(void* memory);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nt_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial int nt_call(nint operation, Value* arguments, int count, Value* results, int capacity);

    // ---- tensors

    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_retain(nint tensor);
    [LibraryImport(Library)] internal static partial void nt_release(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_sizes(nint tensor, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_strides(nint tensor, long* strides);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_storage_offset(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_element_size(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_device_type(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_device_index(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_is_contiguous(nint tensor);
    [LibraryImport(Library)] internal static partial nint nt_data(nint tensor);
    [LibraryImport(Library)] internal static partial nint nt_from_memory(void* data, long* sizes, int dim, int dtype, delegate* unmanaged<nint, void> release, nint context);

    // ---- autograd

    [LibraryImport(Library)] internal static partial int nt_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int nt_set_requires_grad(nint tensor, int requiresGrad);
    [LibraryImport(Library)] internal static partial int nt_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int nt_retain_grad(nint tensor);
    [LibraryImport(Library)] internal static partial nint nt_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int nt_set_grad(nint tensor, nint gradient);
    [LibraryImport(Library)] internal static partial int nt_backward(nint* tensors, int count, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)] internal static partial int nt_autograd_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial int nt_grad_enabled();
    [LibraryImport(Library)] internal static partial void nt_set_grad_enabled(int enabled);

    // ---- generators

    [LibraryImport(Library)] internal static partial nint nt_default_generator(int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial nint nt_generator(ulong seed, int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial void nt_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial long nt_generator_seed(nint generator);
    [LibraryImport(Library)] internal static partial int nt_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial long nt_generator_reseed(nint generator);
    [LibraryImport(Library)] internal static partial nint nt_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int nt_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int nt_manual_seed(ulong seed);

    // ---- threads, devices, version

    [LibraryImport(Library)] internal static partial int nt_num_threads();
    [LibraryImport(Library)] internal static partial int nt_set_num_threads(int threads);
    [LibraryImport(Library)] internal static partial int nt_num_interop_threads();
    [LibraryImport(Library)] internal static partial int nt_set_num_interop_threads(int threads);
    [LibraryImport(Library)] internal static partial int nt_cuda_device_count();
    [LibraryImport(Library)] internal static partial int nt_cuda_seed(ulong seed, int deviceIndex);
    [LibraryImport(Library)] internal static partial int nt_cuda_synchronize(int deviceIndex);
    [LibraryImport(Library)] internal static partial byte* nt_torch_version();

    /// <summary>Throws what the last call on this thread reported, as the official library does: libtorch's message, its call stack left out.</summary>
    internal static void Check(int outcome)
    {
        if (outcome < 0) throw Failure();
    }

    internal static nint Check(nint made) => made != 0 ? made : throw Failure();

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ExternalException Failure() => new(Marshal.PtrToStringUTF8((nint)nt_error()) ?? "libtorch failed without a message");
}
