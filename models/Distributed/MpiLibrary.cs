using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace NoisyNN.Models.Distributed;

/// <summary>
/// The functions of an MPI library (MPI 3.0, the C interface) that was found when the program runs: Open MPI's, or one with MPICH's binary
/// interface. Pointers are those of <c>mpi.h</c>; a result other than 0 is an error.
/// </summary>
sealed unsafe partial class MpiLibrary
{
    /// <summary>The variable that names a library in place of the usual ones.</summary>
    public const string Variable = "NOISYNN_MPI";

    const int LongestVersion = 8192;

    static readonly string[] s_openMpi = ["libmpi.so.40", "libmpi.so"];
    static readonly string[] s_mpich = ["libmpich.so.12", "libmpi.so.12"];

    readonly delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int> _initialize;
    readonly delegate* unmanaged[Cdecl]<int*, int> _isInitialized;
    readonly delegate* unmanaged[Cdecl]<int> _finalize;
    readonly delegate* unmanaged[Cdecl]<nint, int*, int> _rank;
    readonly delegate* unmanaged[Cdecl]<nint, int*, int> _size;
    readonly delegate* unmanaged[Cdecl]<nint, int, int> _abort;
    readonly delegate* unmanaged[Cdecl]<byte*, int*, int> _version;
    readonly delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, int> _allreduce;
    readonly delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, nint*, int> _beginAllreduce;
    readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int> _broadcast;
    readonly delegate* unmanaged[Cdecl]<nint, nint*, int> _beginBarrier;
    readonly delegate* unmanaged[Cdecl]<nint*, int*, nint, int> _test;
    readonly delegate* unmanaged[Cdecl]<nint*, nint, int> _wait;
    readonly MpiConstants _constants;

    MpiLibrary(nint handle)
    {
        _constants = MpiConstants.Of(handle);
        _initialize = (delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int>)Find("MPI_Init_thread");
        _isInitialized = (delegate* unmanaged[Cdecl]<int*, int>)Find("MPI_Initialized");
        _finalize = (delegate* unmanaged[Cdecl]<int>)Find("MPI_Finalize");
        _rank = (delegate* unmanaged[Cdecl]<nint, int*, int>)Find("MPI_Comm_rank");
        _size = (delegate* unmanaged[Cdecl]<nint, int*, int>)Find("MPI_Comm_size");
        _abort = (delegate* unmanaged[Cdecl]<nint, int, int>)Find("MPI_Abort");
        _version = (delegate* unmanaged[Cdecl]<byte*, int*, int>)Find("MPI_Get_library_version");
        _allreduce = (delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, int>)Find("MPI_Allreduce");
        _beginAllreduce = (delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, nint*, int>)Find("MPI_Iallreduce");
        _broadcast = (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)Find("MPI_Bcast");
        _beginBarrier = (delegate* unmanaged[Cdecl]<nint, nint*, int>)Find("MPI_Ibarrier");
        _test = (delegate* unmanaged[Cdecl]<nint*, int*, nint, int>)Find("MPI_Test");
        _wait = (delegate* unmanaged[Cdecl]<nint*, nint, int>)Find("MPI_Wait");

        nint Find(string function) => NativeLibrary.GetExport(handle, function);
    }

    /// <summary>The names that the loader is asked for, those of the launcher's own library first.</summary>
    public static IReadOnlyList<string> Candidates =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? [named]
        : RankLauncher.IsOfMpich ? [.. s_mpich, .. s_openMpi]
        : [.. s_openMpi, .. s_mpich];

    /// <summary>Loads the first library that is there.</summary>
    /// <param name="candidates">The names to try.</param>
    /// <exception cref="DllNotFoundException">None is there; the message names the package to install.</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public static MpiLibrary Load(IReadOnlyList<string> candidates)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(
                "Training over several processes (ranks) needs Linux; on this system, train in one process."
            );
        // Open MPI's plug-ins look for its symbols among those that all libraries see.
        foreach (var name in candidates)
            if (GlobalLibrary.TryLoad(name) is not 0 and var handle)
                return new(handle);
        throw new DllNotFoundException(
            $"Training over several processes (ranks) needs an MPI library, and none of {string.Join(", ", candidates)} can be loaded. "
                + "Install Open MPI: apt-get install openmpi-bin libopenmpi3 (Debian, Ubuntu), or dnf install openmpi (Fedora, RHEL). If "
                + $"it is in another folder, as on many clusters, load its module, or set {Variable} to the path of libmpi.so."
        );
    }

    /// <summary>Whether <see cref="Initialize"/> was called in this process, by whomever.</summary>
    public bool IsInitialized
    {
        get
        {
            int flag;
            Check(_isInitialized(&flag), "MPI_Initialized");
            return flag != 0;
        }
    }

    /// <summary>The rank of this process among all.</summary>
    public int Rank => Number(_rank, "MPI_Comm_rank");

    /// <summary>The number of processes.</summary>
    public int Size => Number(_size, "MPI_Comm_size");

    /// <summary>The name and the version, such as "Open MPI 4.1.4".</summary>
    public string Version
    {
        get
        {
            Span<byte> text = stackalloc byte[LongestVersion];
            int length;
            fixed (byte* start = text)
                Check(_version(start, &length), "MPI_Get_library_version");
            return ShortVersion(Encoding.UTF8.GetString(text[..length]));
        }
    }

    /// <summary>Connects this process with the others. A process can do so once.</summary>
    public void Initialize()
    {
        int provided;
        Check(_initialize(null, null, MpiConstants.SerializedThreads, &provided), "MPI_Init_thread");
        if (provided < MpiConstants.SerializedThreads)
            throw new NotSupportedException(
                $"{Version} was built for programs of one thread. Install a build with MPI_THREAD_SERIALIZED, as Debian's is."
            );
    }

    /// <summary>Disconnects this process. All ranks must do so.</summary>
    public void Close() => Check(_finalize(), "MPI_Finalize");

    /// <summary>Ends all processes.</summary>
    public void Abort(int exitCode) => _abort(_constants.World, exitCode);

    /// <summary>MPI_Allreduce, in place.</summary>
    public void Sum(double* values, int count) =>
        Check(_allreduce(_constants.InPlace, values, count, _constants.Double, _constants.Sum, _constants.World), "MPI_Allreduce");

    /// <summary>MPI_Iallreduce, in place.</summary>
    /// <param name="values">Must stay where they are until the request is complete.</param>
    /// <param name="count">The number of values.</param>
    /// <param name="request">Identifies what has begun. It has the size of a pointer in Open MPI and of an int in MPICH.</param>
    public void BeginSum(float* values, int count, nint* request) =>
        Check(
            _beginAllreduce(_constants.InPlace, values, count, _constants.Single, _constants.Sum, _constants.World, request),
            "MPI_Iallreduce"
        );

    /// <summary>MPI_Bcast from rank 0.</summary>
    public void Broadcast(byte* values, int count) => Check(_broadcast(values, count, _constants.Byte, 0, _constants.World), "MPI_Bcast");

    /// <summary>MPI_Ibarrier: complete when all ranks have begun it.</summary>
    public void BeginBarrier(nint* request) => Check(_beginBarrier(_constants.World, request), "MPI_Ibarrier");

    /// <summary>Whether what has begun is complete. MPI makes progress while this runs.</summary>
    public bool Test(nint* request)
    {
        int flag;
        Check(_test(request, &flag, _constants.IgnoredStatus), "MPI_Test");
        return flag != 0;
    }

    /// <summary>Waits, on the processor, until what has begun is complete.</summary>
    public void Wait(nint* request) => Check(_wait(request, _constants.IgnoredStatus), "MPI_Wait");

    /// <summary>"Open MPI 4.1.4" of "Open MPI v4.1.4, package: Debian OpenMPI, ident: ..."; the first line of others.</summary>
    internal static string ShortVersion(string text)
    {
        if (OpenMpi().Match(text) is { Success: true } open)
            return $"Open MPI {open.Groups["version"].Value}";
        if (Mpich().Match(text) is { Success: true } mpich)
            return $"MPICH {mpich.Groups["version"].Value}";
        return text.TrimEnd('\0').Split('\n')[0].Trim();
    }

    int Number(delegate* unmanaged[Cdecl]<nint, int*, int> function, string name)
    {
        int number;
        Check(function(_constants.World, &number), name);
        return number;
    }

    /// <summary>MPI ends the job at an error of its own; this is for libraries that were set to return them.</summary>
    static void Check(int result, string function)
    {
        if (result != 0)
            throw new InvalidOperationException($"{function} failed with MPI's error code {result}. The ranks have lost each other.");
    }

    [GeneratedRegex(@"^Open MPI v(?<version>[\w.]+)")]
    private static partial Regex OpenMpi();

    [GeneratedRegex(@"MPICH Version:\s*(?<version>[\w.]+)")]
    private static partial Regex Mpich();
}
