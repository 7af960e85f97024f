namespace TorchSharp;

/// <summary>The dispose scopes of one thread: a chain whose innermost one collects every tensor that the thread makes.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? s_ofThread;

    internal static DisposeScopeManager OfThread => s_ofThread ??= new DisposeScopeManager();

    /// <summary>Counts of this thread's tensors, for finding leaks.</summary>
    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope Open() => Current = new DisposeScope(this, Current);

    internal void Close(DisposeScope closed)
    {
        if (Current == closed)
        {
            Current = closed.Outer;
            return;
        }
        // Scopes may be closed out of order: the chain is mended around the closed one.
        for (var scope = Current; scope is not null; scope = scope.Outer)
        {
            if (scope.Outer == closed) scope.Outer = closed.Outer;
        }
    }

    internal DisposeScope? Collect(torch.Tensor tensor)
    {
        if (Current is null)
        {
            Counts.CreatedOutsideScopeCount++;
            return null;
        }
        Counts.CreatedInScopeCount++;
        Current.Add(tensor);
        return Current;
    }
}
