using static TorchSharp.Interop.NativeMethods;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // What a tensor has to do with gradients.
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded, so that a gradient can be had for it.</summary>
        public bool requires_grad
        {
            get => Keep(nt_requires_grad(Handle)) != 0;
            set
            {
                Check(nt_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Whether the tensor was made by the caller rather than by a recorded operation.</summary>
        public bool is_leaf => Keep(nt_is_leaf(Handle)) != 0;

        /// <summary>The gradient that <see cref="backward()"/> has added up; none before the first.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Keep(nt_grad(Handle));
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Check(nt_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        /// <summary>Keeps the gradient of a tensor that is no leaf.</summary>
        public void retain_grad()
        {
            Check(nt_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>Adds the gradient of this scalar to every leaf that it was computed from.</summary>
        public void backward() => autograd.backward([this]);

        /// <summary>The same elements without their history.</summary>
        public Tensor detach() => Aten.detach.Call(this);

        /// <summary>Forgets this tensor's history.</summary>
        public Tensor detach_() => Aten.detach_.InPlace(this);
    }
}
