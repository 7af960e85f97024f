using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A network or a part of one: it owns parameters, buffers and other modules, each under a name. Fields are registered under their own names
        /// when a derived class calls <see cref="RegisterComponents"/> at the end of its constructor.
        /// </summary>
        public partial class Module : IDisposable
        {
            private readonly List<(string name, Module module)> _children = [];
            private readonly List<(string name, Parameter parameter)> _parametersByName = [];
            private readonly List<(string name, Tensor tensor, bool persistent)> _buffersByName = [];
            private bool _registered;
            private bool _training = true;
            private bool _disposed;

            protected string name;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            public virtual string GetName() => name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters and buffers of this module and of all those below it.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer, _) in _buffersByName) buffer.Dispose();
                foreach (var (_, parameter) in _parametersByName) parameter.Dispose();
                foreach (var (_, child) in _children) child.Dispose();
            }

            // ---- registration

            /// <summary>Registers the fields that are modules, parameters or tensors (as buffers) and not registered yet.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                foreach (var field in FieldsOf(this))
                {
                    var component = ComponentName(field);
                    if (IsTaken(component)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(component, module); break;
                        case Parameter parameter: register_parameter(component, parameter); break;
                        case Tensor tensor: register_buffer(component, tensor); break;
                    }
                }
                _registered = true;
            }

            private static FieldInfo[] FieldsOf(Module module) =>
                module.GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);

            private static string ComponentName(FieldInfo field) => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;

            private bool IsTaken(string name) =>
                _children.Exists(c => c.name == name) || _parametersByName.Exists(p => p.name == name) || _buffersByName.Exists(b => b.name == name);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _children.RemoveAll(child => child.name == name);
                    return;
                }
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"", nameof(name));
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"module name can't contain \".\", got: {name}", nameof(name));
                if (_children.Exists(child => child.name == name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _children.Add((name, submodule));
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null or { IsInvalid: true }) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_parametersByName.Exists(p => p.name == name)) throw new InvalidOperationException($"Parameter {name} is already registered.");
                _parametersByName.Add((name, param));
            }

            /// <param name="name">The buffer's name.</param>
            /// <param name="tensor">A tensor that belongs to the module's state, but is not learned.</param>
            /// <param name="persistent">Whether it is part of <see cref="state_dict"/>.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null or { IsInvalid: true }) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_buffersByName.Exists(b => b.name == name)) throw new InvalidOperationException($"Tensor {name} is already registered.");
                _buffersByName.Add((name, tensor, persistent));
            }

            /// <summary>Puts a parameter in the place of the one of this name, if there is one; null takes it away.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor? value)
            {
                var at = _parametersByName.FindIndex(p => p.name == name);
                if (value is null)
                {
                    if (at >= 0) _parametersByName.RemoveAt(at);
                    return;
                }
                var parameter = value as Parameter ?? new Parameter(value);
                if (at >= 0) _parametersByName[at] = (name, parameter);
                else _parametersByName.Add((name, parameter));
            }

            /// <summary>Puts a buffer in the place of the one of this name, if there is one; null takes it away.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                var at = _buffersByName.FindIndex(b => b.name == name);
                if (value is null)
                {
                    if (at >= 0) _buffersByName.RemoveAt(at);
                }
                else if (at >= 0)
                {
                    _buffersByName[at] = (name, value, persistent);
                }
                else
                {
                    _buffersByName.Add((name, value, persistent));
                }
            }

            protected void ClearModules() => _children.Clear();

            // ---- enumeration; what is registered twice is named once

            public virtual IEnumerable<(string name, Module module)> named_children() => _children;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>All modules below this one; this one is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (name, child) in named_children())
                {
                    foreach (var (below, module) in child.named_modules()) yield return ($"{name}.{below}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var entry in _parametersByName)
                {
                    if (!entry.parameter.IsInvalid && seen.Add(entry.parameter.Handle)) yield return entry;
                }
                if (!recurse) yield break;
                foreach (var (name, child) in _children)
                {
                    foreach (var (below, parameter) in child.named_parameters())
                    {
                        if (seen.Add(parameter.Handle)) yield return ($"{name}.{below}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, buffer, persistent) in _buffersByName)
                {
                    if ((persistent || include_nonpersistent) && !buffer.IsInvalid && seen.Add(buffer.Handle)) yield return (name, buffer);
                }
                if (!recurse) yield break;
                foreach (var (name, child) in _children)
                {
                    foreach (var (below, buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.Handle)) yield return ($"{name}.{below}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(entry => entry.name == target).parameter;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(entry => entry.name == target).buffer;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            // ---- modes and gradients

            /// <summary>Whether the module is being trained; some, such as dropout, work differently then.</summary>
            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Calls a function on every module below this one, then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            /// <param name="set_to_none">Whether gradients are dropped rather than filled with zeros.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad?.DetachFromDisposeScope();
                    if (gradient is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else gradient.zero_();
                }
            }
        }
    }
}
