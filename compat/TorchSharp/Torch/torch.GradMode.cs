using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Whether this thread records operations for gradients.</summary>
    public static bool is_grad_enabled() => nt_grad_enabled() != 0;

    /// <summary>Operations are not recorded on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Operations are recorded, or not, on this thread until the result is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = nt_grad_enabled();

        internal GradMode(bool enabled) => nt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => nt_set_grad_enabled(_before);
    }
}
