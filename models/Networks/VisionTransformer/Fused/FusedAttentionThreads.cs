using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>
/// Runs work on the threads of libtorch's own operators, which belong to the OpenMP library of libtorch. Other threads would compete with
/// them for the processors, because they wait for their next operator in a loop.
/// </summary>
static unsafe class FusedAttentionThreads
{
    // Several pieces per thread, so that a thread whose processor another program takes does not delay the others for long.
    const int RangesPerThread = 4;

    // void GOMP_parallel(void (*function)(void*), void* data, unsigned threads, unsigned flags): GNU libgomp's stable entry point.
    static readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> s_parallel = Find();

    /// <summary>Whether libtorch's OpenMP library was found, which is so on Linux with the official packages.</summary>
    public static bool AreAvailable => s_parallel is not null;

    /// <summary>Does each piece of work once, on up to the given number of threads, and returns when all are done.</summary>
    /// <param name="count">The number of pieces.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="work">
    /// Receives a range of pieces (the first, and the one after the last) and the index of its thread, 0..threads-1.
    /// </param>
    /// <remarks>
    /// Without libtorch's OpenMP library the calling thread does everything. An exception of a thread is thrown again here.
    /// </remarks>
    public static void ForRanges(int count, int threads, Action<int, int, int> work)
    {
        var job = new Job(count, Math.Min(count, threads * RangesPerThread), work);
        var handle = GCHandle.Alloc(job);
        try
        {
            if (s_parallel is null)
                job.Work();
            else
                s_parallel(&Work, (void*)GCHandle.ToIntPtr(handle), (uint)Math.Max(1, Math.Min(threads, count)), 0);
        }
        finally
        {
            handle.Free();
        }
        job.ThrowIfFailed();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Work(void* data) => ((Job)GCHandle.FromIntPtr((nint)data).Target!).Work();

    static delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> Find()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;
        // Loads libtorch if it is not loaded yet.
        _ = torch.get_num_threads();
        // The process may also have loaded the system's OpenMP library. libtorch's is beside libtorch, unless the system built both.
        var libraries = File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains('/'))
            .Select(line => line[line.IndexOf('/')..])
            .ToHashSet();
        var folder = Path.GetDirectoryName(libraries.FirstOrDefault(path => Path.GetFileName(path) == "libtorch_cpu.so"));
        if (folder is null)
            return null;
        string[] candidates = [.. libraries.Where(path => Path.GetFileName(path).StartsWith("libgomp", StringComparison.Ordinal))];
        string[] beside = [.. candidates.Where(path => Path.GetDirectoryName(path) == folder)];
        return
            (beside.Length > 0 ? beside : candidates) is [var library]
            && NativeLibrary.TryLoad(library, out var handle)
            && NativeLibrary.TryGetExport(handle, "GOMP_parallel", out var address)
            ? (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void>)address
            : null;
    }

    sealed class Job(int count, int ranges, Action<int, int, int> work)
    {
        int _taken,
            _threads;
        ExceptionDispatchInfo? _failure;

        [SuppressMessage("Design", "CA1031", Justification = "No exception may cross the native frames; ForRanges throws it again.")]
        public void Work()
        {
            try
            {
                var thread = Interlocked.Increment(ref _threads) - 1;
                for (var range = Interlocked.Increment(ref _taken) - 1; range < ranges; range = Interlocked.Increment(ref _taken) - 1)
                    work(First(range), First(range + 1), thread);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }

        int First(int range) => (int)((long)count * range / ranges);

        public void ThrowIfFailed() => _failure?.Throw();
    }
}
