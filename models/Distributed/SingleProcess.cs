namespace NoisyNN.Models.Distributed;

/// <summary>One process, whose values are their own sums.</summary>
sealed class SingleProcess : ProcessGroup
{
    public override int Rank => 0;

    public override int Size => 1;

    public override string Library => "none";

    public override void Abort(int exitCode) => Environment.Exit(exitCode);

    internal override PendingSum BeginSum(Span<float> values) => PendingSum.Complete;

    internal override void Sum(Span<double> values) { }

    internal override void Broadcast(Span<byte> values) { }

    internal override void WaitForAll() { }
}
