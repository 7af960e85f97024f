using NoisyNN.Models.Distributed;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>
/// Two ranks of which only this one exists: the other one has the same values, so that a sum is twice this rank's. What rank 0 says was
/// written before.
/// </summary>
sealed class EchoProcessGroup(int rank, Func<int, byte> said) : ProcessGroup
{
    int _heard;

    public override int Rank => rank;

    public override int Size => 2;

    public override string Library => "echo";

    /// <summary>Messages that were begun.</summary>
    public int Sums { get; private set; }

    public override void Abort(int exitCode) => throw new NotSupportedException();

    internal override PendingSum BeginSum(Span<float> values)
    {
        Sums++;
        foreach (ref var value in values)
            value *= 2;
        return PendingSum.Complete;
    }

    internal override void Sum(Span<double> values)
    {
        foreach (ref var value in values)
            value *= 2;
    }

    internal override void Broadcast(Span<byte> values)
    {
        if (rank == 0)
            return;
        foreach (ref var value in values)
            value = said(_heard++);
    }

    internal override void WaitForAll() { }
}
