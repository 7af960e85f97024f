namespace TorchSharp;

/// <summary>Counts of the tensors that a thread has made, by what became of them.</summary>
public class ThreadDisposeScopeStatistics
{
    /// <summary>Tensors made while no scope was open; scopes know nothing of them.</summary>
    public long CreatedOutsideScopeCount { get; internal set; }

    /// <summary>Tensors made inside a scope.</summary>
    public long CreatedInScopeCount { get; internal set; }

    /// <summary>Tensors disposed by a scope, or by hand while they were in one.</summary>
    public long DisposedInScopeCount { get; internal set; }

    /// <summary>Tensors taken out of all scopes.</summary>
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Tensors that are in a scope now.</summary>
    public long ThreadTotalLiveCount => CreatedInScopeCount - DisposedInScopeCount - DetachedFromScopeCount;

    /// <summary>Sets all counts to zero.</summary>
    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        DetachedFromScopeCount = 0;
    }
}
