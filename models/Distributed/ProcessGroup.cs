using System.Buffers.Binary;

namespace NoisyNN.Models.Distributed;

/// <summary>
/// The processes (ranks) that train one network together, as one of them sees them. All ranks call the same methods in the same order.
/// </summary>
public abstract class ProcessGroup : IDisposable
{
    private protected ProcessGroup() { }

    /// <summary>A group of this process alone.</summary>
    public static ProcessGroup Alone { get; } = new SingleProcess();

    /// <summary>The number of this process, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of processes.</summary>
    public abstract int Size { get; }

    /// <summary>The library that connects them and its version, such as "Open MPI 4.1.4".</summary>
    public abstract string Library { get; }

    /// <summary>Ends all processes of the group, at once and with this exit code.</summary>
    public abstract void Abort(int exitCode);

    /// <summary>
    /// Begins to replace values by their sums over all ranks. Every rank gets the same bits. The values must neither move nor be used
    /// until the sum is complete.
    /// </summary>
    internal abstract PendingSum BeginSum(Span<float> values);

    /// <summary>Replaces values by their sums over all ranks.</summary>
    internal abstract void Sum(Span<double> values);

    /// <summary>Replaces values by those of rank 0.</summary>
    internal abstract void Broadcast(Span<byte> values);

    /// <summary>Waits until all ranks call this, however long, and leaves the processor to others meanwhile.</summary>
    internal abstract void WaitForAll();

    /// <summary>Whether a condition holds on any rank.</summary>
    internal bool Any(bool condition)
    {
        Span<double> count = [condition ? 1 : 0];
        Sum(count);
        return count[0] > 0;
    }

    /// <summary>The message of rank 0, whatever its length. The others pass nothing.</summary>
    internal byte[] BroadcastMessage(ReadOnlySpan<byte> message)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        Broadcast(length);
        var received = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        if (Rank == 0)
            message.CopyTo(received);
        Broadcast(received);
        return received;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Leaves the group.</summary>
    protected virtual void Dispose(bool disposing) { }
}
