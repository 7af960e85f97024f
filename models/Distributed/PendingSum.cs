namespace NoisyNN.Models.Distributed;

/// <summary>A sum over all ranks that goes on while this process does something else.</summary>
abstract class PendingSum
{
    /// <summary>A sum that is complete.</summary>
    public static PendingSum Complete { get; } = new CompleteSum();

    /// <summary>Lets the sum make progress, which it may not do by itself, and says whether it is complete.</summary>
    public abstract bool Test();

    /// <summary>Returns when the sum is complete.</summary>
    public abstract void Wait();

    sealed class CompleteSum : PendingSum
    {
        public override bool Test() => true;

        public override void Wait() { }
    }
}
