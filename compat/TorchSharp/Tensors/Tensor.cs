using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of numbers in libtorch's memory. The object is a handle: several tensors may look at the same elements, and the
    /// memory goes back when the last handle is disposed, by hand, by its dispose scope, or at last by the garbage collector.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long s_live;
        private static long s_peak;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var live = Interlocked.Increment(ref s_live);
            if (live > s_peak) s_peak = live;
            OwningDisposeScope = DisposeScopeManager.OfThread.Collect(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref s_live);

        /// <summary>The largest <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => s_peak;

        /// <summary>The native tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle. It was disposed, by hand or by its dispose scope.");

        /// <summary>Whether the tensor was disposed.</summary>
        public bool IsInvalid => _handle == 0;

        /// <summary>A name for the caller's own use.</summary>
        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            // A finaliser runs on another thread, where the scope's bookkeeping must not be touched.
            if (disposing) OwningDisposeScope?.MarkAsDisposed(this);
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Interlocked.Decrement(ref s_live);
            nt_release(handle);
        }

        /// <summary>Gives the native tensor away; this object is invalid afterwards.</summary>
        internal nint Release()
        {
            var handle = Handle;
            OwningDisposeScope?.MarkAsDisposed(this);
            _handle = 0;
            Interlocked.Decrement(ref s_live);
            GC.SuppressFinalize(this);
            return handle;
        }

        /// <summary>Another object for the same native tensor.</summary>
        internal Tensor Share()
        {
            nt_retain(Handle);
            return new Tensor(_handle);
        }

        // ---- dispose scopes

        /// <summary>Moves the tensor from its dispose scope to the one around it; without one, it is detached.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of all dispose scopes: the caller disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null) OwningDisposeScope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }
    }
}
