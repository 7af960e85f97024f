using System.Net.Sockets;
using System.Runtime.InteropServices;
using NoisyNN.Models.Distributed;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>
/// Processes of one machine over a socket, for machines without MPI: rank 0 gets the values of the others, adds them in the order of the
/// ranks, and sends the sums to all.
/// </summary>
sealed class SocketProcessGroup : ProcessGroup
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly NetworkStream[] _others;

    /// <param name="path">The socket, a file that rank 0 makes.</param>
    /// <param name="rank">The number of this process.</param>
    /// <param name="size">The number of processes.</param>
    public SocketProcessGroup(string path, int rank, int size)
    {
        (Rank, Size) = (rank, size);
        _others = rank == 0 ? Accept(path) : [Connect(path)];
    }

    public override int Rank { get; }

    public override int Size { get; }

    public override string Library => "sockets";

    public override void Abort(int exitCode) => Environment.Exit(exitCode);

    internal override PendingSum BeginSum(Span<float> values)
    {
        Exchange(values, static (sum, value) => sum + value);
        return PendingSum.Complete;
    }

    internal override void Sum(Span<double> values) => Exchange(values, static (sum, value) => sum + value);

    internal override void Broadcast(Span<byte> values) => Exchange(values, static (first, _) => first);

    internal override void WaitForAll() => Exchange<byte>([0], static (first, _) => first);

    protected override void Dispose(bool disposing)
    {
        Array.ForEach(_others, other => other.Dispose());
        base.Dispose(disposing);
    }

    void Exchange<T>(Span<T> values, Func<T, T, T> add)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (Rank > 0)
        {
            _others[0].Write(bytes);
            _others[0].ReadExactly(bytes);
            return;
        }
        var received = new T[values.Length];
        foreach (var other in _others)
        {
            other.ReadExactly(MemoryMarshal.AsBytes(received.AsSpan()));
            for (var index = 0; index < values.Length; index++)
                values[index] = add(values[index], received[index]);
        }
        foreach (var other in _others)
            other.Write(bytes);
    }

    NetworkStream[] Accept(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // Nobody finds it before it listens.
        listener.Bind(new UnixDomainSocketEndPoint($"{path}.new"));
        listener.Listen(Size);
        File.Move($"{path}.new", path);
        var others = new NetworkStream[Size - 1];
        for (var connected = 0; connected < others.Length; connected++)
        {
            var stream = new NetworkStream(listener.Accept(), ownsSocket: true);
            others[stream.ReadByte() - 1] = stream;
        }
        return others;
    }

    NetworkStream Connect(string path)
    {
        for (var waited = TimeSpan.Zero; !File.Exists(path) && waited < s_patience; waited += TimeSpan.FromMilliseconds(20))
            Thread.Sleep(20);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var stream = new NetworkStream(socket, ownsSocket: true);
        stream.WriteByte((byte)Rank);
        return stream;
    }
}
