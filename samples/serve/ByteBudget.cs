namespace NoisyNN.Samples.Serve;

/// <summary>Bytes that may be in memory at a time for one purpose, whatever the number of clients.</summary>
sealed class ByteBudget(long total)
{
    long _free = total;

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _free, -count) >= 0)
            return true;
        Return(count);
        return false;
    }

    public void Return(long count) => Interlocked.Add(ref _free, count);
}
