using System.Runtime.InteropServices;

namespace NoisyNN.Models.Distributed;

/// <summary>
/// All processes of an MPI job, which <c>mpirun</c> or <c>srun</c> has started. One thread at a time may use the group.
/// </summary>
public sealed unsafe class MpiProcessGroup : ProcessGroup
{
    static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(20);

    readonly MpiLibrary _library;
    bool _hasLeft;

    MpiProcessGroup(MpiLibrary library)
    {
        _library = library;
        (Rank, Size, Library) = (library.Rank, library.Size, library.Version);
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size { get; }

    /// <inheritdoc/>
    public override string Library { get; }

    /// <summary>Connects this process with the others of its job. A process can do so once.</summary>
    /// <exception cref="DllNotFoundException">There is no MPI library; the message names the package to install.</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    /// <exception cref="InvalidOperationException">This process has used MPI before.</exception>
    public static MpiProcessGroup Join()
    {
        var library = MpiLibrary.Load(MpiLibrary.Candidates);
        if (library.IsInitialized)
            throw new InvalidOperationException(
                "This process has already used MPI. Keep the group that Join() returned, and use it again."
            );
        library.Initialize();
        return new(library);
    }

    /// <inheritdoc/>
    public override void Abort(int exitCode) => _library.Abort(exitCode);

    internal override PendingSum BeginSum(Span<float> values)
    {
        var pending = new Request(_library);
        fixed (float* start = values)
            _library.BeginSum(start, values.Length, pending.Start);
        return pending;
    }

    internal override void Sum(Span<double> values)
    {
        fixed (double* start = values)
            _library.Sum(start, values.Length);
    }

    internal override void Broadcast(Span<byte> values)
    {
        if (values.Length == 0)
            return;
        fixed (byte* start = values)
            _library.Broadcast(start, values.Length);
    }

    internal override void WaitForAll()
    {
        var pending = new Request(_library);
        _library.BeginBarrier(pending.Start);
        // MPI's own waiting keeps the processor busy.
        for (var pause = TimeSpan.FromMilliseconds(1); !pending.Test(); pause = pause < s_longestPause ? 2 * pause : s_longestPause)
            Thread.Sleep(pause);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            WaitForAll();
            _library.Close();
        }
        base.Dispose(disposing);
    }

    /// <summary>What MPI knows of an operation in progress, at a place that does not move.</summary>
    sealed class Request(MpiLibrary library) : PendingSum
    {
        readonly nint[] _request = GC.AllocateArray<nint>(1, pinned: true);
        bool _isComplete;

        public nint* Start => (nint*)Marshal.UnsafeAddrOfPinnedArrayElement(_request, 0);

        public override bool Test() => _isComplete = _isComplete || library.Test(Start);

        public override void Wait()
        {
            if (!_isComplete)
                library.Wait(Start);
            _isComplete = true;
        }
    }
}
