using System.Runtime.InteropServices;

namespace NoisyNN.Models.Distributed;

/// <summary>
/// The predefined objects of an MPI library. In Open MPI they are addresses of its symbols, in MPICH and its kind numbers
/// (<c>mpi.h</c> of both). An argument has the size of a pointer either way, since a smaller one takes a whole register.
/// </summary>
/// <param name="World">MPI_COMM_WORLD</param>
/// <param name="Single">MPI_FLOAT</param>
/// <param name="Double">MPI_DOUBLE</param>
/// <param name="Byte">MPI_BYTE</param>
/// <param name="Sum">MPI_SUM</param>
/// <param name="InPlace">MPI_IN_PLACE</param>
/// <param name="IgnoredStatus">MPI_STATUS_IGNORE</param>
sealed record MpiConstants(nint World, nint Single, nint Double, nint Byte, nint Sum, nint InPlace, nint IgnoredStatus)
{
    /// <summary>MPI_THREAD_SERIALIZED, in both: several threads call it, never two at once.</summary>
    public const int SerializedThreads = 2;

    static MpiConstants Mpich { get; } =
        new(World: 0x44000000, Single: 0x4c00040a, Double: 0x4c00080b, Byte: 0x4c00010d, Sum: 0x58000003, InPlace: -1, IgnoredStatus: 1);

    /// <summary>Those of a loaded library.</summary>
    public static MpiConstants Of(nint library) =>
        NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world)
            ? new(
                world,
                NativeLibrary.GetExport(library, "ompi_mpi_float"),
                NativeLibrary.GetExport(library, "ompi_mpi_double"),
                NativeLibrary.GetExport(library, "ompi_mpi_byte"),
                NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
                InPlace: 1,
                IgnoredStatus: 0
            )
            : Mpich;
}
